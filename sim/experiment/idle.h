#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "broker/core/broker_config.h"
#include "sim/experiment/runs.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// Regions of a public cloud with rings of their own, and nobody who publishes.
struct IdleSetup {
  Runs runs = {};
  overlay::Timers global_ring = overlay::Timers::wan();
  std::vector<std::size_t> regions = {3, 6, 12};  ///< one run for each number of them
  std::size_t brokers = 8;                        ///< in each region
  Duration rest = std::chrono::minutes(5);        ///< from the last join to the measurement
  Duration measured = std::chrono::minutes(10);   ///< its length
};

/// What is impossible about it, in words for the one who asked for it.
Outcome check(const IdleSetup& setup);

/// How much brokers send over the borders of their regions to keep their rings whole.
/// `check(setup)` must have passed.
Report run_idle(const IdleSetup& setup, Progress& progress);

}  // namespace phyllo::sim
