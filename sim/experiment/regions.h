#pragma once

#include "sim/experiment/regions_setup.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// Copies, cost and delay of every way, side by side. `check(setup)` must have passed.
Report run_regions(const RegionsSetup& setup, Progress& progress);

}  // namespace phyllo::sim
