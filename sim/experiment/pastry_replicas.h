#pragma once

#include <cstdint>
#include <vector>

#include "sim/experiment/pastry_setup.h"
#include "sim/experiment/seed_runner.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// How often lookups came to the nearest of the nodes closest to their key: to the nearest one, the
/// second nearest …, as shares of all lookups.
struct ReplicaFindings {
  std::vector<double> first_met;  ///< the lookup stops at the first one on its way
  std::vector<double> directed;   ///< each node sends it to the nearest likely one that it knows
  std::vector<double> chosen;     ///< so, and the first one sends it to the sender's nearest one
  std::size_t lost = 0;
};

ReplicaFindings run_replicas(const PastrySetup& setup, std::uint64_t seed, SeedProgress& progress);

void report_replicas(const PastrySetup& setup, const std::vector<ReplicaFindings>& found,
                     Report& report);

}  // namespace phyllo::sim
