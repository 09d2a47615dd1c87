#include "sim/experiment/spread.h"

#include <algorithm>
#include <queue>
#include <set>
#include <tuple>
#include <utility>

namespace phyllo::sim {
namespace {

using Neighbors = std::map<StationId, std::set<StationId>>;

void send(StationId from, StationId to, std::size_t regions, Spread& spread) {
  const Spread::Border border{region_of(from, regions), region_of(to, regions)};
  if (border.from != border.to) ++spread.copies[border];
}

/// A ring in random order, so that all are connected, and random links besides.
Neighbors random_graph(std::vector<StationId> nodes, std::size_t degree, Random& random) {
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    std::swap(nodes[i], nodes[i + random.below(nodes.size() - i)]);
  }
  Neighbors neighbors;
  const auto link = [&](StationId a, StationId b) {
    if (a == b) return;
    neighbors[a].insert(b);
    neighbors[b].insert(a);
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) link(nodes[i], nodes[(i + 1) % nodes.size()]);
  const std::size_t most = std::min(degree, nodes.size() - 1);
  for (const StationId node : nodes) {
    while (neighbors[node].size() < most) link(node, nodes[random.below(nodes.size())]);
  }
  return neighbors;
}

}  // namespace

Spread spread_by_mesh(const RegionalTopic& topic, std::size_t regions,
                      const LatencyModel& network) {
  Spread spread;
  for (const StationId member : topic.members) {
    if (member == topic.publisher) continue;
    send(topic.publisher, member, regions, spread);
    spread.arrived[member] = network.delay(topic.publisher, member);
  }
  return spread;
}

Spread spread_by_gossip(const RegionalTopic& topic, std::size_t regions, std::size_t degree,
                        const LatencyModel& network, Random& random) {
  std::vector<StationId> nodes = topic.members;
  if (std::ranges::find(nodes, topic.publisher) == nodes.end()) nodes.push_back(topic.publisher);
  Spread spread;
  if (nodes.size() < 2) return spread;
  const Neighbors neighbors = random_graph(std::move(nodes), degree, random);
  using Arrival = std::tuple<Duration, StationId, StationId>;  // when, where, from whom
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> under_way;
  under_way.emplace(Duration::zero(), topic.publisher, topic.publisher);
  std::set<StationId> heard;
  while (!under_way.empty()) {
    const auto [when, at, from] = under_way.top();
    under_way.pop();
    if (!heard.insert(at).second) continue;
    if (at != topic.publisher) spread.arrived[at] = when;
    for (const StationId next : neighbors.at(at)) {
      if (next == from) continue;
      send(at, next, regions, spread);
      under_way.emplace(when + network.delay(at, next), next, at);
    }
  }
  return spread;
}

}  // namespace phyllo::sim
