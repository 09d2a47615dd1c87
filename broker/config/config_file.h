#pragma once

#include <filesystem>
#include <optional>

#include "broker/config/config_errors.h"
#include "broker/config/yaml_value.h"

namespace phyllo::broker {

/// Reads `file` and the files its `include:` list names, relative to it, and lays them over each
/// other: a value in the including file wins, a later included file wins over an earlier one,
/// sections are joined key by key, lists are replaced. Every value keeps the position it was
/// written at. nullopt, with the reasons added to `errors`, when that cannot be done.
std::optional<YamlValue> read_config_file(const std::filesystem::path& file, ConfigErrors& errors);

}  // namespace phyllo::broker
