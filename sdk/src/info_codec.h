#pragma once

#include "phyllo/borders_info.h"
#include "phyllo/peers_info.h"
#include "phyllo/tree_info.h"

namespace phyllo::v1 {
class TreeAnswer;
class PeersAnswer;
class BordersAnswer;
}  // namespace phyllo::v1

namespace phyllo::internal {

/// Answers to a tool's questions as the public structs. Never fails: they are shown, not acted
/// upon.
TreeInfo read_tree(const v1::TreeAnswer& wire);
PeersInfo read_peers(const v1::PeersAnswer& wire);
BordersInfo read_borders(const v1::BordersAnswer& wire);

}  // namespace phyllo::internal
