#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "bench/compare/measure/comparison.h"

namespace phyllo::bench {

/// One of the things that are measured, and which way is better.
struct Figure {
  enum class Better { kMore, kLess };
  enum class Meant { kBusy, kPaced, kUnpaced, kIdle };

  std::string name;
  double Outcome::*value;
  Better better;
  Meant meant;

  bool meant_for(const Workload& workload) const;
};

/// Those that are compared with the best peer.
const std::vector<Figure>& compared_figures();

/// Least, median and most of some numbers.
struct Spread {
  double least = 0;
  double median = 0;
  double most = 0;
};
/// Nothing of nothing.
std::optional<Spread> spread_of(std::vector<double> values);

/// Over the rounds that ran.
std::optional<Spread> spread_of(const Comparison::Series& series, double Outcome::*value);

/// Which of the others has the best median; nothing when none of them ran.
std::optional<std::size_t> best_peer(const Comparison& comparison, const Figure& figure);
/// The first system against another, round by round; nothing when there is no round in which both
/// ran.
std::optional<Spread> ratio_to(const Comparison& comparison, std::size_t peer,
                               const Figure& figure);

}  // namespace phyllo::bench
