#pragma once

#include <variant>
#include <vector>

#include "multicast/effects.h"
#include "regions/messages.h"

namespace phyllo::regions {

/// To the forest: `Forest::import`; its answer goes to `Borders::imported`.
struct Import {
  overlay::Contact from;
  std::variant<multicast::Publish, multicast::Missing> what;
};
/// To the forest: `Forest::open`.
struct Open {
  TopicId topic;
};

/// The first three are for the node of the global ring.
using Effect =
    std::variant<multicast::SendToward, multicast::ForwardOn, multicast::SendDirect, Import, Open>;
using Effects = std::vector<Effect>;

}  // namespace phyllo::regions
