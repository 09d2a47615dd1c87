#pragma once

#include <cstdint>

#include "base/time.h"
#include "sim/network/plain.h"

namespace phyllo::sim {

/// What a network does to every message on it. Each message is judged by itself.
struct Weather {
  double loss = 0;
  double duplication = 0;
  double corruption = 0;  ///< a message that arrives, but not as it was sent
  double spike_chance = 0;
  Duration spike{};     ///< added to the latency of a message that meets a spike
  double jitter = 0.1;  ///< spread of the latency, as a part of it
};

/// How fast a station can send. Messages queue for its line, whoever they are for; one that finds
/// no room is given back to its sender.
struct UpLink {
  std::uint64_t bytes_per_second = 0;  ///< 0: no limit
  std::uint64_t queue_bytes = 4 << 20;
};

}  // namespace phyllo::sim
