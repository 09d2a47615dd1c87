#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "multicast/forest_config.h"
#include "sim/experiment/seed_runner.h"
#include "sim/experiment/tree_census.h"
#include "sim/network/transit_stub.h"

namespace phyllo::sim {

/// One ring, and one set of groups on it.
struct ScribeRun {
  std::uint64_t seed = 1;
  std::size_t nodes = 0;
  std::vector<std::size_t> sizes;  ///< of the groups
  TransitStubShape network;
  multicast::ForestConfig forest;
};

/// The timers of brokers that are left in peace: what is measured does not depend on them, and
/// every heartbeat of so many nodes would have to be simulated.
multicast::ForestConfig quiet_forest();

/// Lets all nodes join, subscribe and rest; then publishes one message to each group, from its
/// root.
TreesFound run_trees(const ScribeRun& run, SeedProgress& progress);

}  // namespace phyllo::sim
