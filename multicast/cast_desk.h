#pragma once

#include <cstddef>
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
/// copy of it. Of too many at the same time the latest ends at once with nobody.
class CastDesk {
 public:
  /// Casts from here that wait for their outcome.
  static constexpr std::size_t kMaxAsked = 10'000;

  explicit CastDesk(ForestState& state) : state_(state) {}

  std::uint64_t ask(Turn& turn, const TopicName& topic, Payload payload, std::uint32_t wanted);
  void answer(Turn& turn, std::uint64_t offer, OfferAnswer answer);

  /// On its way to the key. False: this node has no part in the tree, so it has to go on.
  enum class Place { kOnTheWay, kAtRoot };
  bool on_routed(Turn& turn, const Cast& cast, Place place);
  void on_cast(Turn& turn, Cast cast);
  void on_result(Turn& turn, const CastResult& result);
  void tick(Turn& turn);
  Time next() const { return std::min(asked_deadlines_.next(), offer_deadlines_.next()); }

 private:
  void go_on(Turn& turn, Cast cast);
  enum class Walk { kGoesOn, kEnds };
  void tell_asker(Turn& turn, const Cast& cast, Walk walk);

  ForestState& state_;
  std::uint64_t last_cast_ = 0;
  std::uint64_t last_offer_ = 0;
  std::map<std::uint64_t, std::vector<overlay::NodeId>> asked_;  ///< with who accepted so far
  std::map<std::uint64_t, Cast> offered_;
  Deadlines<std::uint64_t> asked_deadlines_;
  Deadlines<std::uint64_t> offer_deadlines_;
};

}  // namespace phyllo::multicast
