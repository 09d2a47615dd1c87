#pragma once

#include <cstddef>
#include <vector>

#include "sim/experiment/runs.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/scenario_run.h"

namespace phyllo::sim {

/// Runs the scenario with each seed and answers what a user wants to know of it: of each topic the
/// tree, the deliveries and their delay; between each two regions the traffic and what it costs a
/// month; after each mishap the time until everybody heard again, and what was lost. Tables of
/// single topics, regions and mishaps are those of the first seed; with several, one more table
/// has the spread over all.
Report run_scenario(const Scenario& scenario, const Runs& runs, Progress& progress);

/// The same of runs that are done: what the first seeds of `runs` found.
Report scenario_report(const Scenario& scenario, const Runs& runs,
                       const std::vector<ScenarioFindings>& found);

/// Bytes of a month like the time that was measured.
double bytes_a_month(const ScenarioFindings& found, std::size_t from, std::size_t to);

}  // namespace phyllo::sim
