#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/config/setting.h"
#include "broker/config/settings.h"

namespace phyllo::broker {

/// The names in a table of the configuration, bound to where they are kept.
struct NameTable {
  /// An error says what would have been right.
  std::function<Outcome(const std::string&)> add;
  /// In the order in which they are shown.
  std::function<std::vector<std::string>()> names;
};

/// A list of sections, bound to where they are kept.
struct SectionList {
  std::function<void()> clear;
  /// One more section, with its defaults; an error when there are too many.
  std::function<Outcome()> add;
  std::function<std::size_t()> size;
};

/// Is shown every key of the configuration, in the order of the reference file.
class SettingsVisitor {
 public:
  virtual ~SettingsVisitor() = default;
  /// `keys` visits what stands under `key`.
  virtual void section(std::string_view key, const std::function<void()>& keys) = 0;
  virtual void setting(std::string_view key, const Setting& setting) = 0;
  /// A section whose keys are names that the user chooses; `keys` visits what stands under a name.
  virtual void table(std::string_view key, const NameTable& names,
                     const std::function<void(const std::string& name)>& keys) = 0;
  /// `keys` visits what stands in a section of the list.
  virtual void list(std::string_view key, const SectionList& sections,
                    const std::function<void(std::size_t index)>& keys) = 0;
};

/// The one description of the YAML file: names, types and ranges. Reading, showing and comparing
/// are visitors of it.
void visit_settings(Settings& settings, SettingsVisitor& visitor);

/// The defaults under two profiles and a log level, which other defaults depend on.
Settings default_settings(Profile profile, LogLevel level, Profile global_ring = Profile::kWan);

}  // namespace phyllo::broker
