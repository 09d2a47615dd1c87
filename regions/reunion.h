#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>

#include "overlay/effects.h"
#include "regions/borders_state.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// Brokers of one region that never met may have a home ring each. Each of them asks now and then
/// who else of its region is there, at the region's place: the node of the ring of all brokers
/// that is closest to a key made of the region's name, and remembers who asked last. Seldom, while
/// nothing happens, the more seldom the more of the region were met elsewhere, and soon again after
/// the region lost somebody.
class Reunion {
 public:
  explicit Reunion(BordersState& state) : state_(state) {}

  /// At the place: somebody of the region itself is asking.
  void on_visit(Turn& turn, const overlay::Contact& visitor, const Seek& seek);
  void on_sought(Turn& turn, const overlay::Contact& from, const Sought& sought);
  void peer_lost(Time now, const overlay::PeerLost& lost);
  /// This node is there; asks from now on.
  void leaf_set_changed(Time now);
  void tick(Turn& turn);
  Time next() const { return next_; }

 private:
  struct Visit {
    overlay::Contact visitor;
    Time when;
  };
  void introduce(Turn& turn, const overlay::Contact& stranger);
  Duration longest_pause() const;

  BordersState& state_;
  Time next_ = kNever;
  Duration pause_{};
  std::map<std::string, std::deque<Visit>> visits_;  ///< by region, the latest last
};

}  // namespace phyllo::regions
