#pragma once

#include "multicast/dissemination.h"
#include "multicast/forest_state.h"
#include "multicast/turn.h"

namespace phyllo::multicast {

/// Becoming a topic's root, and giving that up.
class Roots {
 public:
  Roots(ForestState& state, Dissemination& dissemination)
      : state_(state), dissemination_(dissemination) {}

  /// This node is the root of the topic's key: it begins a stream and drops its parent, if it has
  /// one (a root with a parent would drop all that is published).
  void take(Turn& turn, Tree& tree);
  /// Another node is the root now: numbers nothing more. The way up is to be looked for.
  void step_down(Tree& tree);
  /// The stream that this root's one continues, told by the one that ended it.
  void inherit(Turn& turn, Tree& tree, const StreamEnd& ended);

 private:
  ForestState& state_;
  Dissemination& dissemination_;
};

}  // namespace phyllo::multicast
