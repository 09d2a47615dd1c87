#pragma once

#include <memory>
#include <string>
#include <vector>

namespace phyllo::broker {

/// A place in a configuration file. Lines and columns count from 1, columns in characters.
struct Position {
  std::shared_ptr<const std::string> file;
  int line = 1;
  int column = 1;
};

/// One node of a YAML document, with the place where it was written. Duplicate keys, anchors, tags
/// and keys that are not plain text do not get this far.
struct YamlValue {
  enum class Kind {
    kNothing,  ///< `key:` without a value, `~` or `null`
    kPlain,    ///< a scalar without quotes
    kQuoted,   ///< a scalar in quotes, or a block scalar
    kList,
    kMap,
  };
  struct Entry;

  Kind kind = Kind::kNothing;
  Position position;
  std::string text;              ///< of a scalar
  std::vector<YamlValue> items;  ///< of a list
  std::vector<Entry> entries;    ///< of a map, in the order of the file

  bool is_scalar() const { return kind == Kind::kPlain || kind == Kind::kQuoted; }
  /// The value at `key` of a map, or nullptr.
  const YamlValue* find(const std::string& key) const;
};

struct YamlValue::Entry {
  std::string key;
  Position position;  ///< of the key
  YamlValue value;
};

inline const YamlValue* YamlValue::find(const std::string& key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

}  // namespace phyllo::broker
