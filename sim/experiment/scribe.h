#pragma once

#include "sim/experiment/scribe_setup.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// Runs the experiment on the shipped node and forest, published figures beside ours. `check` must
/// have accepted the setup.
Report run_scribe(const ScribeSetup& setup, Progress& progress);

}  // namespace phyllo::sim
