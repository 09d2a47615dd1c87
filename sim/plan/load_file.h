#pragma once

#include <filesystem>

#include "sim/plan/cluster_file.h"
#include "sim/scenario/scenario.h"

namespace phyllo::sim {

/// What a cluster is expected to carry: reads `file` (`topics` as in a scenario, `duration` and
/// `settle`), strictly, and puts that load onto the cluster's brokers. Delays and prices between
/// regions are those of the cluster's table, and have to be there.
LoadedScenario load_onto(const ClusterFile& cluster, const std::filesystem::path& file);

}  // namespace phyllo::sim
