#include "broker/config/config_errors.h"
#include "broker/config/config_file.h"
#include "broker/config/settings.h"
#include "broker/config/settings_checks.h"
#include "broker/config/settings_reader.h"
#include "broker/config/yaml_document.h"

namespace phyllo::broker {
namespace {

LoadedSettings settings_from(const std::optional<YamlValue>& root, ConfigErrors errors) {
  LoadedSettings loaded;
  if (root) {
    Settings settings;
    loaded.given = read_settings(*root, settings, errors);
    check_settings(settings, loaded.given, errors);
    for (const auto& [name, region] : settings.regions) settings.core.regions.push_back(name);
    settings.core.region_table = region_table(settings.regions);
    settings.core.global_ring = settings.global_ring.timers;
    if (errors.empty()) {
      settings.core.fence = fence_of(settings.topics);
      loaded.settings = std::move(settings);
    }
  }
  loaded.errors = errors.lines();
  return loaded;
}

}  // namespace

LoadedSettings load_settings(const std::filesystem::path& file) {
  ConfigErrors errors;
  const std::optional<YamlValue> root = read_config_file(file, errors);
  return settings_from(root, std::move(errors));
}

LoadedSettings parse_settings(std::string_view text, const std::string& name) {
  ConfigErrors errors;
  std::optional<YamlValue> root = parse_yaml(text, name, errors);
  const YamlValue* include = root ? root->find("include") : nullptr;
  if (include != nullptr && (include->kind != YamlValue::Kind::kList || !include->items.empty())) {
    errors.add(include->position, "include: must be [] in a text that is not a file");
    root.reset();
  }
  return settings_from(root, std::move(errors));
}

}  // namespace phyllo::broker
