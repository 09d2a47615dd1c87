#pragma once

#include "sim/experiment/churn_setup.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// Lookups under churn, one run for each session time, link loss and seed. Lost and incorrect
/// lookups are summed over the seeds, since there are few of them; the rest are medians.
/// `check(setup)` must have passed.
Report run_churn(const ChurnSetup& setup, Progress& progress);

}  // namespace phyllo::sim
