#pragma once

#include <cstddef>
#include <optional>

#include "overlay/node.h"

namespace phyllo::sim {

/// Of all whom the node knows and who are closer to the key than itself, the one nearest to it that
/// may well be one of the `count` nodes closest to the key; nullopt when it knows nobody like that.
/// It judges by how close together its leaves stand (Rowstron and Druschel, SOSP 2001). Who follows
/// such advice comes closer to the key with each hop.
std::optional<overlay::Contact> likely_replica(const overlay::Node& node, overlay::Key key,
                                               std::size_t count);

}  // namespace phyllo::sim
