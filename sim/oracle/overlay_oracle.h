#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "overlay/node.h"
#include "sim/network/network_trace.h"
#include "sim/oracle/findings.h"

/// What must hold of overlay nodes that run side by side, whatever runs on top of them, judged from
/// outside with all of them in view.
namespace phyllo::sim {

/// A node and the machine it runs on.
struct Member {
  StationId station;
  const overlay::Node* node;
};
using Members = std::vector<Member>;

/// At any time, of every member: itself is in neither side of its leaf set, both sides are in order
/// and without duplicates, no side is longer than half of `leaf_set_size`, no table slot is taken
/// twice.
Findings check_structures(const Members& members, std::size_t leaf_set_size);

/// At any time: of `keys`, no active member claims one that another active member is closer to.
Findings check_claims(const Members& members, const std::vector<overlay::Key>& keys);

/// With nothing going on: all members are active; their leaf sets are exact on both sides, in
/// order, with everybody's present life and place; following right neighbours visits all of them
/// once; left and right neighbours agree.
Findings check_leaf_sets(const Members& members, std::size_t leaf_set_size);

/// With nothing going on: exactly one member says it is the root of each key, it is the closest
/// one, and nobody else takes himself for the last hop.
Findings check_roots(const Members& members, const std::vector<overlay::Key>& keys);

/// With nothing going on: from every member the way to each key ends at its root within `hop_limit`
/// hops, sees no node twice and takes no step back.
Findings check_routes(const Members& members, const std::vector<overlay::Key>& keys,
                      std::uint32_t hop_limit);

/// Every entry of the members' tables is one of them, and of the slots for which there is a
/// candidate at least the part `fill` holds one.
Findings check_tables(const Members& members, double fill);

/// The keys at which two nodes may disagree who is the root, at up to `places` places of the ring,
/// evenly spread: a node's id, and both sides of the border to its right neighbour.
std::vector<overlay::Key> border_keys(const Members& members, std::size_t places, Random& random);

/// The keys at which mistakes show: the members' own ids, the borders between neighbours on either
/// side (of some of them in a large ring), both ends of the number line, and some random ones.
std::vector<overlay::Key> telling_keys(const Members& members, Random& random);

/// Who is the root of `key`; there must be a member.
const Member& root_among(const Members& members, overlay::Key key);

/// Whether a hop from `here` to `next` brings a message closer to `key`: more digits shared, or as
/// many and nearer.
bool progresses(overlay::NodeId here, overlay::NodeId next, overlay::Key key);

}  // namespace phyllo::sim
