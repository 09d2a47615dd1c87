#pragma once

#include <array>
#include <cstdint>

#include "base/time.h"

namespace phyllo {

/// A small seedable generator (xoshiro256**, Blackman and Vigna 2018; 32 bytes of state, so that a
/// simulator can hold one per node). The same seed gives the same numbers on every machine. Not for
/// secrets. Not thread-safe.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t next();
  /// Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [0, 1).
  double unit();
  /// True with probability p.
  bool chance(double p) { return unit() < p; }
  /// Uniform in [d·(1 − spread), d·(1 + spread)], 0 ≤ spread ≤ 1: keeps periodic work of many nodes
  /// from falling into step.
  Duration around(Duration d, double spread);
  /// An independent generator, seeded from this one.
  Random fork() { return Random(next()); }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace phyllo
