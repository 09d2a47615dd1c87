#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <vector>

#include "multicast/deadlines.h"
#include "multicast/forest_state.h"
#include "multicast/messages.h"
#include "multicast/turn.h"

namespace phyllo::multicast {

/// Any- and manycast: one message walks through the tree depth first, the nearest node first, and
/// is offered to each that has local subscribers until enough have taken it. There is only ever one
/// copy of it on the way. Of too many at the same time the latest ends at once with nobody.
class CastDesk {
 public:
  /// Casts from here that wait for their outcome.
  static constexpr std::size_t kMaxAsked = 10'000;

  explicit CastDesk(ForestState& state) : state_(state) {}

  std::uint64_t ask(Turn& turn, const TopicName& topic, Payload payload, std::uint32_t wanted);
  void answer(Turn& turn, std::uint64_t offer, std::uint32_t taken);

  /// On its way to the key. False: this node has no part in the tree, so it has to go on.
  enum class Place { kOnTheWay, kAtRoot };
  bool on_routed(Turn& turn, const Cast& cast, Place place);
  void on_cast(Turn& turn, Cast cast);
  void on_result(Turn& turn, const CastResult& result);
  void tick(Turn& turn);
  Time next() const { return std::min(asked_deadlines_.next(), offer_deadlines_.next()); }

 private:
  /// Which walk a message belongs to.
  struct Walk {
    overlay::NodeId asker;
    overlay::Incarnation life;
    std::uint64_t cast;
    auto operator<=>(const Walk&) const = default;
  };

  bool first_visit(const Cast& cast);
  void offer(Turn& turn, Cast cast);
  void go_on(Turn& turn, Cast cast);
  enum class Result { kSoFar, kFinal };
  void tell_asker(Turn& turn, const Cast& cast, Result result);
  enum class Ending { kComplete, kOutOfTime };
  void settle(Turn& turn, std::uint64_t cast, Ending ending);

  ForestState& state_;
  std::uint64_t last_cast_ = 0;
  std::uint64_t last_offer_ = 0;
  std::map<std::uint64_t, std::vector<overlay::NodeId>> asked_;  ///< with who accepted so far
  std::map<std::uint64_t, Cast> offered_;
  std::size_t offered_bytes_ = 0;
  std::set<Walk> visits_;  ///< the last ones of this node
  std::deque<Walk> visits_in_order_;
  Deadlines<std::uint64_t> asked_deadlines_;
  Deadlines<std::uint64_t> offer_deadlines_;
};

}  // namespace phyllo::multicast
