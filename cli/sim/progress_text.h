#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/time.h"

namespace phyllo::cli {

/// How far a simulation is.
struct Standing {
  std::string phase;
  double done = 0;  ///< 0 … 1
  Time virtual_time{};
  std::uint64_t events = 0;
};

/// "42 %, joining: 12 min 3 s virtual, 1 min 23 s real, 1.4 M events/s, about 2 min left", cut to
/// `width` characters. What cannot be told yet is left out.
std::string progress_text(const Standing& standing, std::chrono::nanoseconds real,
                          std::size_t width);

/// "10 seeds" aside, what a run has cost: "1.2 G events in 3 min 20 s, 6.1 M events/s".
std::string cost_text(std::uint64_t events, std::chrono::nanoseconds real);

/// For people: "850 ms", "12.3 s", "4 min 10 s", "2 h 10 min", "3 d 4 h".
std::string span_text(std::chrono::nanoseconds span);

}  // namespace phyllo::cli
