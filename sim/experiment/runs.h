#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"

namespace phyllo::sim {

/// How often an experiment is repeated; what is reported is the median over the seeds.
struct Runs {
  std::vector<std::uint64_t> seeds = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  unsigned threads = 1;  ///< at most so many seeds at a time; changes no result
};

/// At least one seed, none twice, at least one thread.
Outcome check(const Runs& runs);

/// The middle one, or the mean of the two in the middle; there must be one.
double median(std::vector<double> values);

}  // namespace phyllo::sim
