#pragma once

#include <vector>

#include "sim/experiment/runs.h"
#include "sim/plan/cluster_file.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"
#include "sim/scenario/scenario.h"

namespace phyllo::sim {

/// Runs the cluster under its load and adds to the report what came of it: the tables of a
/// scenario, and for each border that has a budget how much of it a month would take.
void predict(const ClusterFile& cluster, const Scenario& loaded, const Runs& runs,
             Progress& progress, Report& report);

/// Runs an old and a new cluster under the same load and adds what the change does to traffic and
/// cost between regions and to the roots of the topics.
void predict_change(const std::vector<Scenario>& old_and_new, const Runs& runs, Progress& progress,
                    Report& report);

}  // namespace phyllo::sim
