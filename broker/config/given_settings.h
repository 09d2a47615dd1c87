#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "broker/config/yaml_value.h"

namespace phyllo::broker {

/// What a configuration says and where, by path such as "peers.seeds".
class GivenSettings {
 public:
  GivenSettings() = default;
  explicit GivenSettings(Position start) : start_(std::move(start)) {}

  void note(const std::string& path, Position position);
  void note_failed(const std::string& path) { failed_.insert(path); }

  bool given(const std::string& path) const { return positions_.contains(path); }
  /// No error was reported for this value, so that it can be compared with others.
  bool sound(const std::string& path) const { return !failed_.contains(path); }
  /// Where the value stands; of one not given, the innermost section around it that is.
  const Position& position(std::string path) const;

 private:
  Position start_;
  std::map<std::string, Position> positions_;
  std::set<std::string> failed_;
};

}  // namespace phyllo::broker
