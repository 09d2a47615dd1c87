#pragma once

#include <cstddef>
#include <optional>

#include "overlay/node.h"

namespace phyllo::sim {

/// Of all whom the node knows and who are closer to the key than `closest`, the one nearest to it
/// that may well be one of the `count` nodes closest to the key; nullopt when it knows nobody like
/// that. It judges by how close together its leaves stand (Rowstron and Druschel, SOSP 2001). With
/// the closest node that a message met it goes in no circles: the routing rule may lead to a node
/// that shares more digits with the key and is farther from it all the same.
std::optional<overlay::Contact> likely_replica(const overlay::Node& node, overlay::Key key,
                                               std::size_t count, overlay::NodeId closest);

}  // namespace phyllo::sim
