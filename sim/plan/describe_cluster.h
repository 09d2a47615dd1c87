#pragma once

#include "sim/plan/cluster_file.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// A cluster as tables: its brokers and their endpoints, its regions, what is known of their
/// borders, and the rules for topics. Warnings are the report's notes.
Report describe_cluster(const ClusterFile& cluster);

}  // namespace phyllo::sim
