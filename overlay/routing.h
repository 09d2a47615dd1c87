#pragma once

#include <functional>
#include <optional>

#include "overlay/leaf_set.h"
#include "overlay/routing_table.h"

namespace phyllo::overlay {

/// What a sender thinks of a node as the next hop of one message.
enum class Standing {
  kGood,
  kSuspected,  ///< did not answer lately: others first
  kTried,      ///< did not acknowledge this very message: last
  kExcluded,   ///< never: e.g. the joiner whose request is being routed
};
using StandingOf = std::function<Standing(NodeId)>;

/// The routing rule's choice for a message toward a key.
struct Route {
  enum class Kind {
    kHere,     ///< the deciding node is the root
    kHop,      ///< `next` is closer to the root
    kLeap,     ///< `next` is the root by what others say of the ring: it will know
    kLastHop,  ///< `next` is the root, by the leaf set
    kStuck,    ///< the leaf set has a hole where the root is; wait until it is repaired
  };
  Kind kind;
  std::optional<Contact> next;
};

/// Pastry's rule, and a short cut. By the leaf set if it covers the key: only there the choice is
/// final, so a suspected root stays the root until it is declared dead. Then by `rumored`, those of
/// whom others say that they stand around the owner, farther out than its leaves: a hop less, and a
/// hop on the side of the tables where there are the fewest to choose from. Otherwise the table's
/// entry for the next digit; without a good one, any known node that shares as long a prefix and is
/// closer, best first. The pair (shared prefix, −distance) grows with each hop but the last, so
/// that there is no loop.
Route route(Key key, const LeafSet& leaves, const LeafSet& rumored, const RoutingTable& table,
            const StandingOf& standing);

}  // namespace phyllo::overlay
