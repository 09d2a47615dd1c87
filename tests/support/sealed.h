#pragma once

#include <string>

#include "base/seal.h"

namespace phyllo::test {

/// What somebody wrote who knows the protocol's seal, if nothing else of it.
inline std::string sealed(std::string header, const Payload& body = {}) {
  seal(header, body);
  return header;
}

}  // namespace phyllo::test
