#pragma once

#include <cstddef>
#include <functional>

#include "sim/swarm/swarm_run.h"

namespace phyllo::sim {

struct Shrunk {
  SwarmCase swarm;       ///< with only those steps without which it does not fail
  Violation violation;   ///< what the reduced case breaks: the same rule
  std::size_t runs = 0;  ///< that it took
};

/// Reduces a failing case by delta debugging (Zeller and Hildebrandt 2002): runs it without ever
/// smaller parts of its steps as long as the same rule breaks. What is left cannot do without any
/// one of its steps, unless `most_runs` were not enough. Deterministic. The case must fail.
/// `progress` is told the number of steps left, now and then.
Shrunk shrink(const SwarmCase& failing, const SwarmOptions& options, std::size_t most_runs = 1000,
              const std::function<void(std::size_t steps)>& progress = {});

}  // namespace phyllo::sim
