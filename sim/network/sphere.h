#pragma once

#include <vector>

#include "sim/network/latency_model.h"

namespace phyllo::sim {

/// Latency on a globe: a fixed part for every message and a part that grows with the distance along
/// the surface, `half_way_round` to the opposite point.
struct Globe {
  Duration base = std::chrono::microseconds(100);
  Duration half_way_round = std::chrono::milliseconds(100);
};

/// Stations on a globe. A position's x is the longitude as a part of the whole circle and its y the
/// height over the south pole as a part of the axis, so that equal areas are equally likely.
class SphereModel final : public LatencyModel {
 public:
  explicit SphereModel(Globe globe = {}) : globe_(globe) {}

  void add_station(const StationPlace& place, Random& random) override;
  Duration delay(StationId from, StationId to) const override;

 private:
  struct Direction {
    double x, y, z;
  };

  Globe globe_;
  std::vector<Direction> directions_;
};

}  // namespace phyllo::sim
