#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/experiment/mass_failure_setup.h"
#include "sim/experiment/seed_runner.h"

namespace phyllo::sim {

/// A lookup that is not at its root after this long is counted as lost at its time.
inline constexpr Duration kPrompt = std::chrono::seconds(3);

/// What the survivors of one mass failure did.
struct MassFailureFindings {
  /// Seconds since the failure, and the share of the lookups sent in that second that were not at
  /// their root `kPrompt` later.
  std::vector<std::pair<double, double>> loss;
  double worst = 0;
  /// From then on no more than one lookup in a hundred was lost; nothing within the limit.
  std::optional<double> recovered_seconds;
  std::optional<double> one_ring_seconds;
  std::optional<double> exact_seconds;  ///< all leaf sets as if everybody were known
  std::size_t sent = 0;
  std::size_t never = 0;  ///< not even at the end
  std::size_t wrong = 0;  ///< at a node that was not the root
};

MassFailureFindings run_mass_failure_case(const MassFailureSetup& setup, double share,
                                          std::uint64_t seed, SeedProgress& progress);

}  // namespace phyllo::sim
