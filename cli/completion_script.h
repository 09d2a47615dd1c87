#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace phyllo::cli {

/// Scripts that complete the verbs and options of `phyllo`, made from its command line parser, so
/// that they never lag behind it.
std::string bash_completion(const CLI::App& phyllo);
std::string zsh_completion(const CLI::App& phyllo);

}  // namespace phyllo::cli
