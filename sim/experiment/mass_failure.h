#pragma once

#include "sim/experiment/mass_failure_setup.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// How lookups and topics recover after a part of all nodes died, one run for each share and seed.
/// `check(setup)` must have passed.
Report run_mass_failure(const MassFailureSetup& setup, Progress& progress);

}  // namespace phyllo::sim
