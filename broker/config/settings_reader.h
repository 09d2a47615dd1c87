#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/config/config_errors.h"
#include "broker/config/given_settings.h"
#include "broker/config/settings_schema.h"
#include "broker/config/yaml_value.h"

namespace phyllo::broker {

/// Fills Settings from a YAML map, strictly: whatever is not understood is an error.
class SettingsReader final : public SettingsVisitor {
 public:
  SettingsReader(const YamlValue& root, ConfigErrors& errors);

  GivenSettings read(Settings& settings);

  void section(std::string_view key, const std::function<void()>& keys) override;
  void setting(std::string_view key, const Setting& setting) override;
  void table(std::string_view key, const NameTable& names,
             const std::function<void(const std::string& name)>& keys) override;
  void list(std::string_view key, const SectionList& sections,
            const std::function<void(std::size_t index)>& keys) override;

 private:
  struct Frame {
    const YamlValue* map;  ///< nullptr: this section is not given
    std::string path;      ///< empty, or ends with '.'
    std::vector<std::string> known;
  };

  const YamlValue* look_up(std::string_view key);
  void read_list(const YamlValue& value, const std::string& path, const Setting& setting);
  void read_scalar(const YamlValue& value, const std::string& path, const Setting& setting);
  void fail(const Position& position, const std::string& path, const std::string& message);
  void report_unknown(const Frame& frame);
  std::string unknown_key(const Frame& frame, const std::string& key);

  const YamlValue& root_;
  ConfigErrors& errors_;
  std::vector<std::string> all_paths_;
  std::vector<Frame> frames_;
  GivenSettings given_;
};

/// Reads `root` over the defaults that its own profile and log level ask for.
GivenSettings read_settings(const YamlValue& root, Settings& settings, ConfigErrors& errors);

}  // namespace phyllo::broker
