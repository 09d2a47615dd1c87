#pragma once

#include <cstddef>
#include <vector>

#include "sim/oracle/findings.h"
#include "sim/oracle/overlay_oracle.h"
#include "sim/oracle/overlay_watch.h"
#include "sim/ring/ring.h"

/// What must hold of a ring, judged from outside with all its members in view. Each check returns
/// what is wrong, one line each.
namespace phyllo::sim {

/// These of the ring's members.
Members members_of(const Ring& ring, const std::vector<StationId>& members);

// As in sim/oracle/overlay_oracle.h; of all running nodes where no members are named.
Findings check_structures(const Ring& ring);
Findings check_leaf_sets(const Ring& ring, const std::vector<StationId>& members);
Findings check_roots(const Ring& ring, const std::vector<StationId>& members,
                     const std::vector<overlay::Key>& keys);
Findings check_tables(const Ring& ring, const std::vector<StationId>& members, double fill);
std::vector<overlay::Key> telling_keys(Ring& ring, const std::vector<StationId>& members);
/// Who of `members` is the root of `key`.
StationId root_among(const Ring& ring, const std::vector<StationId>& members, overlay::Key key);

/// Sends `count` messages toward random keys from random ones of `members` and gives them
/// `patience` to arrive: each at its root, once, with no node seen twice and no step back.
Findings check_delivery(Ring& ring, const std::vector<StationId>& members, std::size_t count,
                        Duration patience = std::chrono::seconds(10));

/// Of a message that travelled in peace: each hop shared more digits with the key than the one
/// before, or as many and was closer, except for the last one.
Findings check_progress(const Ring& ring, const Routed& message);

/// Looks at all running nodes regularly while the ring runs.
class RingWatch : public OverlayWatch {
 public:
  RingWatch(Ring& ring, Duration every);
};

}  // namespace phyllo::sim
