#pragma once

#include <string>
#include <vector>

#include "broker/config/settings.h"

namespace phyllo::broker {

/// One setting by its path, e.g. "overlay.hop_limit", with its value as YAML text.
struct ListedSetting {
  std::string path;
  std::string value;
  bool operator==(const ListedSetting&) const = default;
};

/// Every setting, in the order of the reference file.
std::vector<ListedSetting> list_settings(const Settings& settings);

/// The paths whose values differ.
std::vector<std::string> changed_settings(const Settings& before, const Settings& after);

/// The settings as a YAML file that reads back as the same settings.
std::string settings_as_yaml(const Settings& settings);

}  // namespace phyllo::broker
