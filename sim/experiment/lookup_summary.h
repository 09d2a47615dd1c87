#pragma once

#include <cstddef>
#include <vector>

#include "sim/experiment/population.h"

namespace phyllo::sim {

/// What became of some lookups. Means are over those that reached their goal.
struct LookupSummary {
  std::size_t sent = 0;
  std::size_t reached = 0;
  std::size_t wrong = 0;    ///< delivered at a node that was not the root
  std::size_t missing = 0;  ///< neither yet
  double hops = 0;
  std::vector<double> shares;  ///< of those that took 0, 1, 2 … hops
  double stretch = 0;          ///< all links' latencies ÷ all direct latencies from sender to root
  double delay_penalty = 0;    ///< all delays, waits included ÷ all direct latencies
};

/// Of the lookups numbered from `first` up to but not including `end`.
LookupSummary summarize(const Population& population, std::size_t first, std::size_t end);

/// Sends `count` lookups of random keys, a few at a time, and waits until all have ended or none
/// may be expected to.
LookupSummary look_up_many(Population& population, std::size_t count,
                           Lookup::Goal goal = Lookup::Goal::kRoot, std::size_t replicas = 1);
/// The same between random pairs of nodes: the keys are ids.
LookupSummary look_up_pairs(Population& population, std::size_t count);

}  // namespace phyllo::sim
