#pragma once

#include <string>
#include <vector>

#include "cli/regions/border_survey.h"
#include "sim/plan/cluster_file.h"

namespace phyllo::cli {

/// Each endpoint is a broker of its own.
std::vector<AskedBroker> asked_brokers(const std::vector<std::string>& endpoints);

/// The brokers of a deployment, at the endpoints where they listen for programs; where that is all
/// addresses, at those which they tell other brokers.
std::vector<AskedBroker> asked_brokers(const sim::ClusterFile& cluster);

}  // namespace phyllo::cli
