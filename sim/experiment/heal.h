#pragma once

#include "sim/experiment/heal_setup.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// How long two parts of a network need to be one ring again after a cut is mended, by the size of
/// the smaller one and by how long the cut lasted. `check(setup)` must have passed.
Report run_heal(const HealSetup& setup, Progress& progress);

}  // namespace phyllo::sim
