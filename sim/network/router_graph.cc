#include "sim/network/router_graph.h"

#include <functional>
#include <limits>
#include <queue>
#include <utility>

#include "base/check.h"

namespace phyllo::sim {

RouterGraph::RouterGraph(std::size_t routers, std::vector<RouterLink> links)
    : links_(std::move(links)), first_end_(routers + 1, 0), trees_(routers) {
  PHYLLO_CHECK(routers > 0 && routers <= kMaxRouters);
  for (const RouterLink& link : links_) {
    ++first_end_[link.one + 1u];
    ++first_end_[link.other + 1u];
  }
  for (std::size_t i = 1; i <= routers; ++i) first_end_[i] += first_end_[i - 1];
  ends_.resize(2 * links_.size());
  std::vector<std::uint32_t> next(first_end_.begin(), first_end_.end() - 1);
  for (LinkId id = 0; id < links_.size(); ++id) {
    const auto [one, other, delay] = links_[id];
    ends_[next[one]++] = {id, other};
    ends_[next[other]++] = {id, one};
  }
}

Duration RouterGraph::delay(RouterId from, RouterId to) const {
  // Whichever of the two was asked about before knows it.
  const bool known = trees_[from].delay.empty() && !trees_[to].delay.empty();
  const std::uint32_t way = known ? trees_[to].delay[from] : from_router(from).delay[to];
  return std::chrono::microseconds(way);
}

/// Dijkstra's.
void RouterGraph::grow(RouterId from, Tree& tree) const {
  constexpr auto kFar = std::numeric_limits<std::uint32_t>::max();
  using Reached = std::pair<std::uint32_t, RouterId>;
  std::priority_queue<Reached, std::vector<Reached>, std::greater<>> open;
  tree.delay.assign(routers(), kFar);
  tree.way_back.assign(routers(), 0);
  tree.delay[from] = 0;
  open.emplace(0, from);
  while (!open.empty()) {
    const auto [way, at] = open.top();
    open.pop();
    if (way > tree.delay[at]) continue;
    for (std::uint32_t i = first_end_[at]; i < first_end_[at + 1u]; ++i) {
      const auto [link, router] = ends_[i];
      const std::uint32_t there = way + links_[link].delay.count();
      if (there >= tree.delay[router]) continue;
      tree.delay[router] = there;
      open.emplace(there, router);
      std::uint32_t back = first_end_[router];
      while (ends_[back].link != link) ++back;
      tree.way_back[router] = static_cast<std::uint16_t>(back - first_end_[router]);
    }
  }
  for (const std::uint32_t way : tree.delay) PHYLLO_CHECK(way != kFar);
}

}  // namespace phyllo::sim
