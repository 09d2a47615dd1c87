#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>

#include "regions/borders_state.h"
#include "regions/seats.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// Any- and manycasts of other regions, given to programs of this one. Remembers what became of the
/// latest, so that one that is sent twice is given out once.
class Envoy {
 public:
  Envoy(BordersState& state, Seats& seats)
      : state_(state), seats_(seats), life_(state.random.next()) {}

  void on_cast(Turn& turn, const overlay::Contact& from, CastInto cast);
  /// Whether the cast was for somebody elsewhere.
  bool asked(Attempt ticket) const { return tickets_.contains(ticket); }
  void cast_done(Turn& turn, Attempt ticket, const multicast::CastDone& done);

 private:
  struct Key {
    overlay::NodeId asker;
    overlay::Incarnation life;
    Attempt number;
    auto operator<=>(const Key&) const = default;
  };
  struct Errand {
    overlay::Contact asker;
    std::size_t bytes;
    std::optional<CastState> result = {};
  };

  bool full(const CastInto& cast) const;
  void remember(const Key& key);
  CastState take(Turn& turn, const Key& key, const overlay::Contact& from, CastInto cast);

  BordersState& state_;
  Seats& seats_;
  const std::uint64_t life_;
  std::map<Key, Errand> errands_;
  std::map<Attempt, Key> tickets_;  ///< of those under way
  std::deque<Key> done_;            ///< oldest first
  std::size_t bytes_ = 0;           ///< of those under way
};

}  // namespace phyllo::regions
