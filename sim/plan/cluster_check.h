#pragma once

#include <string>
#include <vector>

#include "sim/plan/cluster_file.h"

namespace phyllo::sim {

/// What no single broker's file shows: brokers that take each other's place, and settings that all
/// must have alike. Returns what is wrong, a line each with the file it is in; what is only strange
/// is added to the cluster's warnings.
std::vector<std::string> check_cluster(ClusterFile& cluster);

/// Settings of a broker that say where it is, not how it behaves.
bool of_one_broker(const std::string& path);

}  // namespace phyllo::sim
