#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/experiment/regions_setup.h"
#include "sim/experiment/seed_runner.h"
#include "sim/experiment/spread.h"
#include "sim/network/latency_model.h"
#include "sim/oracle/findings.h"

namespace phyllo::sim {

/// One message of every topic, in one way.
struct WayFound {
  std::vector<Spread> spreads = {};  ///< of the topics, in their order
  double control_bytes_per_second =
      0;  ///< over borders, of all brokers, while nothing was published
  Findings findings = {};
};

/// The regions of a public cloud, half a millisecond of round trip inside each, and all brokers at
/// their places.
std::unique_ptr<LatencyModel> network_with_brokers(const RegionsSetup& setup);

/// Those of this setup and seed: the same for every way.
std::vector<RegionalTopic> topics_of(const RegionsSetup& setup, std::uint64_t seed);

/// kRegions, kRelays, kScribe and kFactor on whole brokers; the others are no software of ours and
/// are only reckoned.
WayFound run_way(const RegionsSetup& setup, RegionsSetup::Way way,
                 const std::vector<RegionalTopic>& topics, std::uint64_t seed,
                 SeedProgress& progress);

}  // namespace phyllo::sim
