#pragma once

#include <cstdint>

namespace phyllo::sim {

/// Somebody with events of many kinds and many times, who numbers them himself: such an event takes
/// no memory of its own.
class EventTarget {
 public:
  virtual void due(std::uint64_t event) = 0;
  /// `event` is due in about `kSteps - step` turns of a few events each, step 0 being the first
  /// one: a chance to bring what it will need near the processor, each step what the one before has
  /// led to. Nothing may change by it, and not all events are foreseen.
  virtual void foresee(std::uint64_t /*event*/, int /*step*/) const {}
  static constexpr int kSteps = 5;

 protected:
  ~EventTarget() = default;
};

}  // namespace phyllo::sim
