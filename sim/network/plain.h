#pragma once

#include <vector>

#include "sim/network/latency_model.h"

namespace phyllo::sim {

/// Latency on a square plain: a fixed part for every message and a part that grows with the
/// distance, `across` being the whole side of the square.
struct Plain {
  Duration base = std::chrono::microseconds(100);
  Duration across = std::chrono::milliseconds(5);

  Duration between(Position a, Position b) const;
};

/// Stations at their positions on a plain, or anywhere on it.
class PlainModel final : public LatencyModel {
 public:
  explicit PlainModel(Plain plain = {}) : plain_(plain) {}

  void add_station(const StationPlace& place, Random& random) override;
  Duration delay(StationId from, StationId to) const override {
    return plain_.between(positions_[from], positions_[to]);
  }

 private:
  Plain plain_;
  std::vector<Position> positions_;
};

}  // namespace phyllo::sim
