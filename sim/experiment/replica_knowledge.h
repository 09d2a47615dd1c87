#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "overlay/node.h"

/// What a node can say by its leaf set alone of the nodes closest to a key.
namespace phyllo::sim {

/// Whether it is certain that the node is one of the `count` closest to the key.
bool is_replica(const overlay::Node& node, overlay::Key key, std::size_t count);

/// The `count` nodes closest to the key, closest first; nullopt when there may be others that the
/// node does not know.
std::optional<std::vector<overlay::Contact>> replicas_of(const overlay::Node& node,
                                                         overlay::Key key, std::size_t count);

}  // namespace phyllo::sim
