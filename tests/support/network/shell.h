#pragma once

#include <string>

namespace phyllo::test {

/// Runs a command line of the shell and returns what it wrote. Throws std::runtime_error with that
/// text when it fails.
std::string shell(const std::string& command);

}  // namespace phyllo::test
