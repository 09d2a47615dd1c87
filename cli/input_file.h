#pragma once

#include <cstddef>
#include <string>

#include "phyllo/status.h"

namespace phyllo::cli {

/// The bytes of a file, or why there are none: it cannot be read, or it holds more than `limit`
/// bytes (never more than that is read, whatever kind of file it is).
StatusOr<std::string> read_input_file(const std::string& path, std::size_t limit);

}  // namespace phyllo::cli
