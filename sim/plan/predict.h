#pragma once

#include <cstdint>
#include <string>
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

/// What a month under the expected load comes to at one border.
struct PredictedBorder {
  std::string from;
  std::string to;
  double gigabytes = 0;  ///< of 10⁹ bytes
  double cost = 0;
};

/// The same as `predict` says of each two regions, of a run with that seed. Empty when the user had
/// enough before it was over.
std::vector<PredictedBorder> predict_borders(const Scenario& loaded, std::uint64_t seed,
                                             Progress& progress);

/// Runs an old and a new cluster under the same load and adds what the change does to traffic and
/// cost between regions and to the roots of the topics.
void predict_change(const std::vector<Scenario>& old_and_new, const Runs& runs, Progress& progress,
                    Report& report);

}  // namespace phyllo::sim
