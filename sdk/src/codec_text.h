#pragma once

#include <string>
#include <string_view>

#include "phyllo/status.h"

namespace phyllo::internal {

/// A broker's text for logs and terminals: control characters become '?', and what is longer than
/// 1024 bytes is cut.
std::string printable(std::string_view text);

/// The code a broker named; kRefused for a name this version does not know.
StatusCode status_code(std::string_view name);

}  // namespace phyllo::internal
