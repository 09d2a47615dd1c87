#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "overlay/prober.h"
#include "overlay/repair.h"
#include "overlay/view.h"

namespace phyllo::overlay {

/// Tries seeds and past contacts now and then, so that rings that were parted, or began apart, find
/// each other. Seeds are dialed ever more seldom while nothing changes. How often past contacts are
/// tried goes with the square of the share of its neighbours that a node lost together: when a ring
/// is cut, one side loses half or more of them and looks for the others; when a few died, hardly
/// anybody need ask for them. With each try it asks somebody who is no neighbour on the ring who
/// is: those who are left of a ring may have found together in several.
class Healing {
 public:
  Healing(View& view, Prober& prober, Repair& repair)
      : view_(view), prober_(prober), repair_(repair) {}

  void start(Turn& turn);
  /// Peers were lost: what is missing may be on the other side of a cut.
  void peer_lost(Turn& turn);
  /// Nobody is left on one side of the leaf set: asks everybody this node ever talked with.
  void side_lost(Turn& turn);
  void tick(Turn& turn, std::span<const Endpoint> seeds);
  Time next_tick() const { return std::min(dial_at_, try_at_); }

 private:
  bool known(const Endpoint& endpoint) const;
  Duration longest_interval() const;
  Duration until_next_try();
  void seek_other_ring(Turn& turn);

  View& view_;
  Prober& prober_;
  Repair& repair_;
  Duration interval_{};
  Time dial_at_ = kNever;
  double cut_ = 0;  // the share that was lost; fades with every try in vain
  Time try_at_ = kNever;
  std::size_t next_seed_ = 0;
};

}  // namespace phyllo::overlay
