#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/random.h"
#include "sim/network/event_queue.h"
#include "sim/oracle/overlay_oracle.h"

namespace phyllo::sim {

/// Looks at overlay nodes regularly while time passes: at their structures, and whether any active
/// one takes itself for the root of a key that another active one is closer to. Must not outlive
/// the queue.
class OverlayWatch {
 public:
  /// `who` is asked at each look. Where it looks depends on `seed`.
  OverlayWatch(EventQueue& queue, std::function<Members()> who, std::size_t leaf_set_size,
               Duration every, std::uint64_t seed);
  ~OverlayWatch();
  OverlayWatch(const OverlayWatch&) = delete;
  OverlayWatch& operator=(const OverlayWatch&) = delete;

  /// Broken structures; must stay empty whatever happens.
  const Findings& structures() const { return structures_; }
  /// False claims; must stay empty as long as nobody fails and the network holds.
  const Findings& claims() const { return claims_; }
  std::uint64_t looks() const { return looks_; }

 private:
  void plan();
  void look();

  EventQueue& queue_;
  const std::function<Members()> who_;
  const std::size_t leaf_set_size_;
  const Duration every_;
  Random random_;
  std::shared_ptr<bool> watching_ = std::make_shared<bool>(true);
  std::uint64_t looks_ = 0;
  Findings structures_;
  Findings claims_;
};

}  // namespace phyllo::sim
