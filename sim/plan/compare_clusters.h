#pragma once

#include "sim/plan/cluster_file.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// What changes when a cluster that is as `before` becomes as `after`: brokers, settings and the
/// roots of topics. Brokers are told apart by the names of their files, roots by their ids.
Report compare_clusters(const ClusterFile& before, const ClusterFile& after);

}  // namespace phyllo::sim
