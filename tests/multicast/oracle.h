#pragma once

#include <string>
#include <vector>

#include "tests/multicast/grove.h"

namespace phyllo::testing {

using namespace sim;  // the rings and clusters under test

/// What is wrong, one line each; nothing when all is well.
using Faults = std::vector<std::string>;

/// I7 and L4, at rest: one root, the closest member, without a parent; every other node's parent
/// lists it as a child and the other way round; from everywhere the way up ends at the root; no
/// leaf without a subscriber; every subscriber is in the tree; counts add up.
Faults check_tree(const Grove& grove, const TopicName& topic);

/// I8: nothing twice, each publisher's messages in order.
Faults check_order(const Grove& grove, const TopicName& topic);

/// No silent loss: all that was published since the subscription was live, and taken, was delivered
/// or reported as a gap. The one thing that cannot be known is the end of a publisher's numbers
/// when its broker died, and the topic's root with it.
Faults check_nothing_silent(const Grove& grove, const TopicName& topic);

/// Messages reported as lost to the members that subscribe now.
std::uint64_t reported_lost(const Grove& grove, const TopicName& topic);

}  // namespace phyllo::testing
