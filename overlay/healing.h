#pragma once

#include <cstddef>
#include <span>

#include "overlay/prober.h"
#include "overlay/view.h"

namespace phyllo::overlay {

/// Tries seeds and past contacts now and then, so that rings that were parted, or began apart, find
/// each other. Seeds are dialed ever more seldom while nothing changes.
class Healing {
 public:
  Healing(View& view, Prober& prober) : view_(view), prober_(prober) {}

  void start(Turn& turn);
  /// Peers were lost: what is missing may be on the other side of a cut.
  void peer_lost(Turn& turn);
  void tick(Turn& turn, std::span<const Endpoint> seeds);
  Time next_tick() const;

 private:
  bool known(const Endpoint& endpoint) const;

  View& view_;
  Prober& prober_;
  Duration interval_{};
  Time dial_at_ = kNever;
  std::size_t next_seed_ = 0;
};

}  // namespace phyllo::overlay
