#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/config/yaml_value.h"

namespace phyllo::broker {

/// What is wrong with a configuration: all of it, not only the first mistake, up to a limit.
class ConfigErrors {
 public:
  static constexpr std::size_t kLimit = 50;

  void add(const Position& position, std::string message);
  bool empty() const { return errors_.empty(); }
  bool full() const { return errors_.size() >= kLimit; }
  /// `file:line:column: message` each; by file in the order of mention, then by place.
  std::vector<std::string> lines() const;

 private:
  struct Entry {
    Position position;
    std::string message;
  };
  std::size_t file_rank(const Entry& entry) const;

  std::vector<Entry> errors_;
};

/// `text` in single quotes as it may stand in a message: printable, and cut when long.
std::string in_quotes(std::string_view text);

}  // namespace phyllo::broker
