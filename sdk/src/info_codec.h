#pragma once

#include "phyllo/peers_info.h"
#include "phyllo/tree_info.h"

namespace phyllo::v1 {
class TreeAnswer;
class PeersAnswer;
}  // namespace phyllo::v1

namespace phyllo::internal {

/// Answers to a tool's questions as the public structs. Never fails: they are shown, not acted
/// upon.
TreeInfo read_tree(const v1::TreeAnswer& wire);
PeersInfo read_peers(const v1::PeersAnswer& wire);

}  // namespace phyllo::internal
