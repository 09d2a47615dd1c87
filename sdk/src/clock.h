#pragma once

#include <chrono>

namespace phyllo::internal {

/// The SDK's time line. Only the reactor and calls that wait read it; everything else is told.
using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;

inline constexpr Instant kNoDeadline = Instant::max();

/// `now + wait` that does not overflow for `milliseconds::max()`; a negative wait is none.
inline Instant deadline_after(Instant now, std::chrono::milliseconds wait) {
  if (wait <= std::chrono::milliseconds::zero()) return now;
  const auto room = std::chrono::duration_cast<std::chrono::milliseconds>(kNoDeadline - now);
  return wait >= room ? kNoDeadline : now + wait;
}

}  // namespace phyllo::internal
