#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/config/config_errors.h"
#include "broker/config/setting.h"
#include "broker/config/yaml_value.h"

namespace phyllo::sim {

/// One map of a YAML file, read strictly: `finish` complains of every key that nobody asked for.
class Section {
 public:
  /// `path` is what its keys are called in messages, e.g. "topics[2]"; empty at the top. A value
  /// that is no map is complained of and read as an empty one.
  Section(const broker::YamlValue& value, std::string path, broker::ConfigErrors& errors);

  /// The value at `key`, or nullptr.
  const broker::YamlValue* find(const std::string& key);
  /// The same, with a complaint when it is not there.
  const broker::YamlValue* need(const std::string& key);
  /// True when the key is given and right.
  bool read(const std::string& key, const broker::Setting& setting);
  bool read_needed(const std::string& key, const broker::Setting& setting);
  /// The items of a list; a single value that is no list counts as one when it is a scalar.
  std::span<const broker::YamlValue> items(const std::string& key);
  /// The entries of a map whose keys are names.
  std::span<const broker::YamlValue::Entry> entries(const std::string& key);
  void finish();

  std::string path_of(const std::string& key) const;
  const broker::Position& position() const { return value_.position; }
  void fail(const broker::Position& position, const std::string& message);
  /// At the value of `key`, or at the section when it is not given.
  void fail_at(const std::string& key, const std::string& message);

 private:
  bool take(const broker::YamlValue& value, const std::string& key, const broker::Setting& setting);

  const broker::YamlValue& value_;
  const std::string path_;
  broker::ConfigErrors& errors_;
  std::vector<std::string> known_;
};

}  // namespace phyllo::sim
