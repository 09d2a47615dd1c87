#include "sim/plan/load_file.h"

#include <algorithm>

#include "broker/config/config_file.h"
#include "broker/config/setting.h"
#include "sim/plan/cluster_check.h"
#include "sim/scenario/scenario_parts.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kWithinARegion = 1ms;
constexpr Duration kLongest = 24h;

/// The network as the table of regions tells it; a border whose delay is not told is complained of.
RegionTable network_of(const ClusterFile& cluster, std::vector<std::string>& errors) {
  RegionTable network;
  network.names = cluster.regions();
  const std::size_t size = network.names.size();
  network.round_trip.assign(size, std::vector<Duration>(size, kWithinARegion));
  network.price_per_gb.assign(size, std::vector<double>(size));
  const regions::RegionTable borders = broker::region_table(cluster.shared().regions);
  for (std::size_t from = 0; from < size; ++from) {
    for (std::size_t to = 0; to < size; ++to) {
      if (from == to) continue;
      const auto row = borders.index(network.names[from]);
      const auto column = borders.index(network.names[to]);
      const regions::Border border =
          row && column ? borders.border(*row, *column) : regions::Border{};
      network.price_per_gb[from][to] = border.price_per_gb;
      network.round_trip[from][to] = border.delay * 2;
      if (border.delay > Duration::zero() || from > to) continue;
      errors.push_back(cluster.file.string() + ":1:1: regions." + network.names[from] + ".to." +
                       network.names[to] + ".round_trip: is missing; a prediction needs it");
    }
  }
  return network;
}

void take_brokers(const ClusterFile& cluster, Scenario& scenario) {
  static constexpr const char* kProfiles[] = {"lan", "wan", "paper"};
  scenario.broker = cluster.shared().core;
  scenario.profile = kProfiles[static_cast<std::size_t>(cluster.shared().profile)];
  for (const ClusterFile::Node& node : cluster.nodes) {
    const auto region = scenario.network.index(node.settings.region);
    scenario.brokers.push_back({node.name, *region, node.id});
  }
}

/// Topics whose programs a rule keeps out.
void check_fence(const ClusterFile& cluster, const Scenario& scenario,
                 std::vector<std::string>& errors, const std::string& file) {
  const regions::Fence fence = broker::fence_of(cluster.shared().topics);
  for (const Scenario::Topic& topic : scenario.topics) {
    for (std::size_t region = 0; region < scenario.network.names.size(); ++region) {
      if (topic.publishers[region] + topic.subscribers[region] == 0) continue;
      const Outcome admitted =
          fence.admit(TopicName::parse(topic.name).value(), scenario.network.names[region]);
      if (!admitted) errors.push_back(file + ":1:1: topics: " + admitted.error().message);
    }
  }
}

}  // namespace

LoadedScenario load_onto(const ClusterFile& cluster, const std::filesystem::path& file) {
  LoadedScenario loaded;
  broker::ConfigErrors errors;
  Scenario scenario;
  scenario.title =
      "Cluster " + cluster.shared().core.cluster + " under " + file.filename().string();
  scenario.network = network_of(cluster, loaded.errors);
  take_brokers(cluster, scenario);
  const auto root = broker::read_config_file(file, errors);
  if (root) {
    Section top(*root, "", errors);
    top.find("include");  // was followed before the values came here
    top.read("duration", broker::duration_setting(scenario.duration, 1s, kLongest));
    top.read("settle", broker::duration_setting(scenario.settle, 0s, kLongest));
    read_topics(top, scenario, errors);
    top.finish();
  }
  for (std::string& error : errors.lines()) loaded.errors.push_back(std::move(error));
  if (loaded.errors.empty()) check_fence(cluster, scenario, loaded.errors, file.string());
  if (loaded.errors.empty()) loaded.scenario = std::move(scenario);
  return loaded;
}

}  // namespace phyllo::sim
