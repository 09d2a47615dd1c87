#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace phyllo::cli {

/// Lays help out for a terminal of 80 columns: names the values without their C++ types, shows
/// defaults, and breaks long descriptions.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_subcommand(const CLI::App* verb) const override;
};

}  // namespace phyllo::cli
