#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace phyllo::cli {

/// How fast a counter grows: over the last seconds, so that looking often does not make it jump.
class Pace {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// Growth per second up to `now`, when the counter is `value`; 0 at first.
  double per_second(std::uint64_t value, Moment now);

 private:
  struct Look {
    Moment when;
    std::uint64_t value;
  };
  std::deque<Look> looks_;  ///< oldest first; at most one is older than the window
};

}  // namespace phyllo::cli
