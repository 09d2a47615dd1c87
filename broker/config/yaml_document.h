#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "broker/config/config_errors.h"
#include "broker/config/yaml_value.h"

namespace phyllo::broker {

/// Maps and lists inside each other, at most.
inline constexpr std::size_t kMaxYamlDepth = 32;
/// Keys of one map, at most.
inline constexpr std::size_t kMaxYamlEntries = 1000;

/// The one YAML document in `text`, a map; nullopt, with the reasons added to `errors`, when there
/// is none. Stricter than YAML: no duplicate keys, anchors, aliases, tags or second document.
std::optional<YamlValue> parse_yaml(std::string_view text, const std::string& file,
                                    ConfigErrors& errors);

}  // namespace phyllo::broker
