#pragma once

#include <filesystem>
#include <string>

namespace phyllo::broker {

/// What `phyllod --check` says about a file.
struct ConfigCheck {
  bool ok;
  std::string text;  ///< lines; the settings in effect as YAML, or every error
};

ConfigCheck check_config(const std::filesystem::path& file);

}  // namespace phyllo::broker
