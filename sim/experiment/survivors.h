#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/experiment/mass_failure_setup.h"
#include "sim/experiment/seed_runner.h"

namespace phyllo::sim {

/// What one topic's subscribers got after a part of them died.
struct SurvivorFindings {
  /// Of the survivors, by the first publication after which every later one reached them all, or
  /// else by the last one.
  double reached = 0;
  /// Until that publication was made; nothing when there was none.
  std::optional<double> seconds;
  /// Seconds since the failure at which a message was published, and the share of the survivors
  /// that got it, late or not.
  std::vector<std::pair<double, double>> publications;
};

/// All nodes subscribe to one topic; a share of them dies; from then on a survivor publishes every
/// second until all is well for a while, or the limit is reached.
SurvivorFindings run_survivors(const MassFailureSetup& setup, double share, std::uint64_t seed,
                               SeedProgress& progress);

}  // namespace phyllo::sim
