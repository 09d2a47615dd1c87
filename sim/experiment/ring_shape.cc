#include "sim/experiment/ring_shape.h"

#include <algorithm>
#include <vector>

namespace phyllo::sim {
namespace {

using overlay::Contact;
using overlay::NodeId;

/// Whether each member's sides begin with its `depth` neighbours on the ring.
bool neighbors_known(const Population& population, std::size_t depth) {
  if (population.active().size() != population.living()) return false;
  std::vector<std::pair<NodeId, StationId>> ring(population.ring().begin(),
                                                 population.ring().end());
  const std::size_t count = ring.size();
  const std::size_t reach = std::min(depth, count - std::min<std::size_t>(count, 1));
  const auto fits = [&](const std::vector<Contact>& side, std::size_t at, std::size_t step) {
    if (side.size() < reach) return false;
    for (std::size_t i = 0; i < reach; ++i) {
      if (side[i].id() != ring[(at + (i + 1) * step) % count].first) return false;
    }
    return true;
  };
  for (std::size_t at = 0; at < count; ++at) {
    const overlay::Node& node = population.node(ring[at].second);
    if (!fits(node.right_leaves(), at, 1)) return false;
    if (!fits(node.left_leaves(), at, count - 1)) return false;
  }
  return true;
}

}  // namespace

bool one_ring(const Population& population) { return neighbors_known(population, 1); }

bool leaf_sets_exact(const Population& population) {
  return neighbors_known(population, population.config().leaf_set_size / 2);
}

}  // namespace phyllo::sim
