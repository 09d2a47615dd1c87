#include "multicast/bottleneck.h"

#include <algorithm>
#include <tuple>

namespace phyllo::multicast {

overlay::NodeId farthest_child(const overlay::Node& node, const Tree::Children& children,
                               std::optional<overlay::NodeId> spare) {
  const auto farthest = std::ranges::max_element(children, {}, [&](const auto& entry) {
    return entry.first == spare ? Duration(-1) : node.proximity(entry.first);
  });
  return farthest->first;
}

std::vector<Alternative> siblings(const overlay::Node& node, const Tree::Children& children,
                                  overlay::NodeId child) {
  std::vector<Alternative> list;
  for (const auto& [id, sibling] : children) {
    if (id != child) list.push_back({sibling.contact, node.proximity(id)});
  }
  std::ranges::stable_sort(list, {}, &Alternative::distance);
  if (list.size() > kMaxAlternatives) list.resize(kMaxAlternatives, list.front());
  return list;
}

std::optional<overlay::Contact> take_nearest(const overlay::Node& node,
                                             std::vector<Alternative>& candidates) {
  if (candidates.empty()) return std::nullopt;
  const auto nearest = std::ranges::min_element(candidates, {}, [&](const Alternative& candidate) {
    return std::tuple(node.proximity(candidate.node.id()) + candidate.distance,
                      candidate.node.id());
  });
  const overlay::Contact chosen = nearest->node;
  candidates.erase(nearest);
  return chosen;
}

}  // namespace phyllo::multicast
