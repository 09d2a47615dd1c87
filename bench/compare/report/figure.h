#pragma once

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

/// The first system against the best of the others, round by round.
struct Ratio {
  std::string peer;
  Spread ratio;
};
/// Nothing when there is no other, or no round in which both ran.
std::optional<Ratio> ratio_to_best(const Comparison& comparison, const Figure& figure);

}  // namespace phyllo::bench
