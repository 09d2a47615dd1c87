#include <map>
#include <set>

#include "sim/oracle/overlay_oracle.h"

namespace phyllo::sim {
namespace {

using overlay::Key;
using overlay::NodeId;

using Nodes = std::map<NodeId, const overlay::Node*>;

/// What is wrong with the way from `here` to `key`; nothing when it is as it should be. A dead next
/// hop is the tables' affair.
std::string fault_of_way(const Nodes& nodes, NodeId here, NodeId root, Key key,
                         std::uint32_t hop_limit) {
  std::set<NodeId> seen{here};
  bool went_back = false;
  for (std::uint32_t hops = 0;; ++hops) {
    const auto next = nodes.at(here)->next_hop(key);
    if (!next) return here == root ? "" : "ends at " + here.short_hex();
    if (went_back) return "takes a step back to " + here.short_hex();
    if (!nodes.contains(next->id())) return "";
    if (!seen.insert(next->id()).second) return "comes to " + next->id().short_hex() + " twice";
    if (hops == hop_limit) return "is longer than the limit";
    went_back = !progresses(here, next->id(), key);  // which the last hop may
    here = next->id();
  }
}

}  // namespace

bool progresses(NodeId here, NodeId next, Key key) {
  const int shared_here = shared_digits(here, key);
  const int shared_next = shared_digits(next, key);
  return shared_next > shared_here ||
         (shared_next == shared_here && distance(next, key) < distance(here, key));
}

Findings check_routes(const Members& members, const std::vector<Key>& keys,
                      std::uint32_t hop_limit) {
  Findings out;
  Nodes nodes;
  for (const Member& member : members) nodes.emplace(member.node->self().id(), member.node);
  for (const Key key : keys) {
    const NodeId root = root_among(members, key).node->self().id();
    for (const auto& [id, node] : nodes) {
      const std::string fault = fault_of_way(nodes, id, root, key, hop_limit);
      if (fault.empty()) continue;
      out.push_back("the way from " + id.short_hex() + " to key " + key.hex() + " of " +
                    root.short_hex() + " " + fault);
    }
  }
  return out;
}

}  // namespace phyllo::sim
