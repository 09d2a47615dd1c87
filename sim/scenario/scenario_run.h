#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/experiment/seed_runner.h"
#include "sim/report/progress.h"
#include "sim/scenario/delays.h"
#include "sim/scenario/measurement.h"
#include "sim/scenario/scenario.h"

namespace phyllo::sim {

/// The shape of one topic's tree.
struct TreeShape {
  std::string root;         ///< the broker's name
  std::size_t brokers = 0;  ///< in the tree
  std::size_t depth = 0;    ///< links from the root to the farthest broker
  std::size_t fan_out = 0;  ///< children of one broker, at most
};

/// What one seed's run came to.
struct ScenarioFindings {
  std::vector<TreeShape> trees;  ///< when measuring began, by topic
  std::vector<Measurement::OfTopic> topics;
  std::vector<Aftermath> aftermaths;
  std::vector<std::uint64_t> deliveries_over_time;
  std::vector<std::vector<RegionMatrix::Traffic>> traffic;  ///< between brokers, from, to
  Duration measured{};
  std::vector<std::string> violations;

  Delays delays() const;
  std::uint64_t delivered() const;
};

/// Starts the brokers, then the programs, lets everything happen, and measures. A function of the
/// scenario and the seed, unless it is told to stop.
ScenarioFindings run_seed(const Scenario& scenario, std::uint64_t seed, SeedProgress& shown,
                          const Progress& progress);

}  // namespace phyllo::sim
