#pragma once

#include <chrono>
#include <vector>

#include "bench/compare/measure/board.h"
#include "bench/compare/measure/process.h"
#include "bench/compare/system/system.h"

namespace phyllo::bench {

/// What the programs of one run share; outlives them.
struct Stage {
  const Cluster& cluster;
  const Workload& workload;
  Board& board;
  std::chrono::nanoseconds duration;  ///< of publishing
};

/// Processes that publish, one for each publisher. They follow the board's phases and end when they
/// are killed.
std::vector<Fork> start_publishers(const Stage& stage);
/// Processes that subscribe, each for as many subscribers as the workload puts together.
std::vector<Fork> start_subscribers(const Stage& stage);

}  // namespace phyllo::bench
