#pragma once

#include <chrono>

namespace phyllo {

/// The clock of the protocol cores: a monotonic time line without a `now()`. Drivers (the event
/// loop, the simulator) own the hands; the cores are told the time with every call.
struct CoreClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<CoreClock, duration>;
  static constexpr bool is_steady = true;
};

using Duration = CoreClock::duration;
using Time = CoreClock::time_point;

/// A deadline that is never reached.
inline constexpr Time kNever = Time::max();

}  // namespace phyllo
