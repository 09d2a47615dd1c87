#include <string>

#include "broker/config/config_file.h"
#include "broker/config/setting.h"
#include "broker/config/yaml_document.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/scenario_parts.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using broker::ConfigErrors;
using broker::YamlValue;

constexpr Duration kLongest = 24h;

LoadedScenario scenario_from(const std::optional<YamlValue>& root,
                             const std::filesystem::path& folder, ConfigErrors errors) {
  LoadedScenario loaded;
  if (root) {
    Scenario scenario;
    Section top(*root, "", errors);
    top.find("include");  // was followed before the values came here
    top.read("title", broker::text_setting(scenario.title));
    top.read("seed", broker::count_setting(scenario.seed, 0, 1ull << 62));
    top.read("settle", broker::duration_setting(scenario.settle, 0s, kLongest));
    top.read_needed("duration", broker::duration_setting(scenario.duration, 1s, kLongest));
    read_brokers(top, folder, scenario, errors);
    read_network(top, scenario, errors);
    read_topics(top, scenario, errors);
    read_mishaps(top, scenario, errors);
    top.finish();
    if (errors.empty()) loaded.scenario = std::move(scenario);
  }
  loaded.errors = errors.lines();
  return loaded;
}

}  // namespace

double Scenario::expected_deliveries() const {
  double deliveries = 0;
  for (const Topic& topic : topics) {
    double publishers = 0;
    double subscribers = 0;
    for (const std::size_t count : topic.publishers) publishers += static_cast<double>(count);
    for (const std::size_t count : topic.subscribers) subscribers += static_cast<double>(count);
    deliveries += publishers * subscribers * topic.rate;
  }
  return deliveries * std::chrono::duration<double>(duration).count();
}

LoadedScenario load_scenario(const std::filesystem::path& file) {
  ConfigErrors errors;
  const std::optional<YamlValue> root = broker::read_config_file(file, errors);
  return scenario_from(root, file.parent_path(), std::move(errors));
}

LoadedScenario parse_scenario(std::string_view text, const std::string& name) {
  ConfigErrors errors;
  std::optional<YamlValue> root = broker::parse_yaml(text, name, errors);
  const YamlValue* include = root ? root->find("include") : nullptr;
  if (include != nullptr) {
    errors.add(include->position, "include: not possible in a text that is not a file");
    root.reset();
  }
  return scenario_from(root, {}, std::move(errors));
}

}  // namespace phyllo::sim
