#pragma once

#include <memory>
#include <string>

#include "bench/compare/system/system.h"

namespace phyllo::bench {

/// A system whose client library was not there when this program was built.
std::unique_ptr<System> absent_system(std::string name, std::string library);

}  // namespace phyllo::bench
