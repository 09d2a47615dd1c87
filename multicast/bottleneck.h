#pragma once

#include <optional>
#include <vector>

#include "multicast/messages.h"
#include "multicast/tree.h"
#include "overlay/node.h"

namespace phyllo::multicast {

// The bottleneck remover of Scribe: a node with too many children gives the one that is farthest
// away to one of its siblings.

/// The child farthest from `node`, of two or more; not the one to spare.
overlay::NodeId farthest_child(const overlay::Node& node, const Tree::Children& children,
                               std::optional<overlay::NodeId> spare = std::nullopt);

/// The siblings of `child` with their distances from `node`, nearest first, at most
/// kMaxAlternatives.
std::vector<Alternative> siblings(const overlay::Node& node, const Tree::Children& children,
                                  overlay::NodeId child);

/// Removes and returns the candidate s with the least d(node, s) + d(s, its parent).
std::optional<overlay::Contact> take_nearest(const overlay::Node& node,
                                             std::vector<Alternative>& candidates);

}  // namespace phyllo::multicast
