#pragma once

#include "sim/experiment/pastry_setup.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// Runs the chosen parts with each seed, and puts what was found beside what was published.
/// `check(setup)` must have passed.
Report run_pastry(const PastrySetup& setup, Progress& progress);

}  // namespace phyllo::sim
