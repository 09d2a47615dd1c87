#pragma once

#include "sim/experiment/runs.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"
#include "sim/scenario/scenario.h"

namespace phyllo::sim {

/// Runs the scenario with each seed and answers what a user wants to know of it: of each topic the
/// tree, the deliveries and their delay; between each two regions the traffic and what it costs a
/// month; after each mishap the time until everybody heard again, and what was lost. Tables of
/// single topics, regions and mishaps are those of the first seed; with several, one more table
/// has the spread over all.
Report run_scenario(const Scenario& scenario, const Runs& runs, Progress& progress);

}  // namespace phyllo::sim
