#pragma once

#include <functional>
#include <string_view>

#include "broker/config/setting.h"
#include "broker/config/settings.h"

namespace phyllo::broker {

/// Is shown every key of the configuration, in the order of the reference file.
class SettingsVisitor {
 public:
  virtual ~SettingsVisitor() = default;
  /// `keys` visits what stands under `key`.
  virtual void section(std::string_view key, const std::function<void()>& keys) = 0;
  virtual void setting(std::string_view key, const Setting& setting) = 0;
};

/// The one description of the YAML file: names, types and ranges. Reading, showing and comparing
/// are visitors of it.
void visit_settings(Settings& settings, SettingsVisitor& visitor);

/// The defaults under a profile and a log level, which other defaults depend on.
Settings default_settings(Profile profile, LogLevel level);

}  // namespace phyllo::broker
