#pragma once

#include <cstddef>
#include <vector>

#include "overlay/id.h"

namespace phyllo::sim {

/// The node of `ring` that is the root of `key`; the ring is not empty.
overlay::NodeId root_of(const std::vector<overlay::NodeId>& ring, overlay::Key key);

/// Of all keys, the part that each node of the ring is the root of, 0 … 1, in the order of `ring`.
std::vector<double> key_shares(const std::vector<overlay::NodeId>& ring);

/// Of all keys, the part whose root in `after` is another node than in `before`. Neither is empty.
double moved_share(const std::vector<overlay::NodeId>& before,
                   const std::vector<overlay::NodeId>& after);

}  // namespace phyllo::sim
