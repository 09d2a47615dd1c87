#include "sim/network/link_stress.h"

#include <algorithm>
#include <numeric>

namespace phyllo::sim {

LinkStress::LinkStress(const EndNodes& nodes)
    : nodes_(nodes),
      router_links_(nodes.graph().links().size()),
      messages_(router_links_ + nodes.size(), 0),
      reached_(nodes.graph().routers(), 0) {}

void LinkStress::unicast(StationId from, StationId to) {
  ++of_node(from);
  ++of_node(to);
  nodes_.graph().each_link(nodes_.router(from), nodes_.router(to),
                           [&](LinkId link) { ++messages_[link]; });
}

void LinkStress::multicast(StationId from, std::span<const StationId> members) {
  const RouterId source = nodes_.router(from);
  reached_[source] = ++multicasts_;
  bool sent = false;
  for (const StationId member : members) {
    if (member == from) continue;
    sent = true;
    ++of_node(member);
    for (RouterId at = nodes_.router(member); reached_[at] != multicasts_;) {
      reached_[at] = multicasts_;
      const RouterGraph::Step step = nodes_.graph().last_step(source, at);
      ++messages_[step.link];
      at = step.router;
    }
  }
  if (sent) ++of_node(from);
}

std::uint64_t LinkStress::total() const {
  return std::accumulate(messages_.begin(), messages_.end(), std::uint64_t{0});
}

std::uint64_t LinkStress::total_between_routers() const {
  const auto end = messages_.begin() + static_cast<std::ptrdiff_t>(router_links_);
  return std::accumulate(messages_.begin(), end, std::uint64_t{0});
}

std::uint32_t LinkStress::maximum() const {
  return messages_.empty() ? 0 : *std::ranges::max_element(messages_);
}

}  // namespace phyllo::sim
