#pragma once

#include <map>
#include <set>

#include "multicast/effects.h"
#include "sim/oracle/findings.h"

namespace phyllo::sim {

/// One topic's tree as its nodes describe their parts in it.
using TreeParts = std::map<overlay::NodeId, multicast::TreeNode>;

/// What may be left of a tree without subscribers: the root of a region's tree stays for a while
/// after the last publication.
enum class Leftover { kNothing, kRoot };

/// With nothing going on: one root, `right_root`, without a parent; every other node's parent lists
/// it as a child and the other way round; from everywhere the way up ends at the root; no leaf
/// without a subscriber; all of `subscribers` are in the tree, with as many subscriptions; counts
/// add up.
Findings check_tree(const TreeParts& parts, overlay::NodeId right_root,
                    const std::map<overlay::NodeId, std::uint64_t>& subscribers,
                    Leftover leftover = Leftover::kNothing);

}  // namespace phyllo::sim
