#pragma once

#include <string>
#include <string_view>

namespace phyllo::internal {

/// Two lower-case hexadecimal digits for each byte: how node ids are shown.
std::string hex(std::string_view bytes);

}  // namespace phyllo::internal
