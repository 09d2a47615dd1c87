#pragma once

#include "base/random.h"
#include "base/time.h"

namespace phyllo::sim {

/// What a network does to every message on it. Each message is judged by itself.
struct Weather {
  double loss = 0;
  double duplication = 0;
  double corruption = 0;  ///< a message whose header arrives, but not as it was sent
  double spike_chance = 0;
  Duration spike{};     ///< added to the latency of a message that meets a spike
  double jitter = 0.1;  ///< spread of the latency, as a part of it
};

/// Where a station lies; distance is latency.
struct Position {
  double x = 0;
  double y = 0;

  static Position random(Random& random) { return {random.unit(), random.unit()}; }
};

/// Latency on a square plain: a fixed part for every message and a part that grows with the
/// distance, `across` being the whole side of the square.
struct Plain {
  Duration base = std::chrono::microseconds(100);
  Duration across = std::chrono::milliseconds(5);

  Duration between(Position a, Position b) const;
};

}  // namespace phyllo::sim
