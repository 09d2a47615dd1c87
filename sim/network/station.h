#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/random.h"

namespace phyllo::sim {

/// A machine on the virtual network, numbered from 0. Processes come and go, the machine stays.
using StationId = std::uint32_t;

/// A point of a square of side 1.
struct Position {
  double x = 0;
  double y = 0;

  static Position random(Random& random) { return {random.unit(), random.unit()}; }
};

/// Where a machine stands, in the words of any latency model: each reads the part it understands,
/// draws from the run's dice what it needs and is not given, and ignores the rest.
struct StationPlace {
  std::string region = {};
  std::optional<Position> position = std::nullopt;
  std::optional<std::uint32_t> router = std::nullopt;
};

}  // namespace phyllo::sim
