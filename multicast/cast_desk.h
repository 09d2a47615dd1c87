#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "multicast/deadlines.h"
#include "multicast/forest_state.h"
#include "multicast/messages.h"
#include "multicast/turn.h"

namespace phyllo::multicast {

/// Any- and manycast: one message walks through the tree depth first, the nearest node first, and
/// is offered to each that has local subscribers until enough have accepted. There is only ever one
/// copy of it.
class CastDesk {
 public:
  explicit CastDesk(ForestState& state) : state_(state) {}

  std::uint64_t ask(Turn& turn, const TopicName& topic, Payload payload, std::uint32_t wanted);
  void answer(Turn& turn, std::uint64_t offer, bool accepted);

  /// On its way to the key. False: this node has no part in the tree, so it has to go on.
  bool on_routed(Turn& turn, const Cast& cast, bool at_root);
  void on_cast(Turn& turn, Cast cast);
  void on_result(Turn& turn, const CastResult& result);
  void tick(Turn& turn);
  Time next() const { return std::min(asked_deadlines_.next(), offer_deadlines_.next()); }

 private:
  void go_on(Turn& turn, Cast cast);
  void finish(Turn& turn, const Cast& cast, bool done);

  ForestState& state_;
  std::uint64_t last_cast_ = 0;
  std::uint64_t last_offer_ = 0;
  std::map<std::uint64_t, std::vector<overlay::NodeId>> asked_;  ///< with who accepted so far
  std::map<std::uint64_t, Cast> offered_;
  Deadlines<std::uint64_t> asked_deadlines_;
  Deadlines<std::uint64_t> offer_deadlines_;
};

}  // namespace phyllo::multicast
