#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "overlay/node_config.h"
#include "sim/experiment/plane.h"
#include "sim/experiment/runs.h"
#include "sim/network/latency_model.h"

namespace phyllo::sim {

/// The network parts into two that hear nothing of each other, and is one again later.
struct HealSetup {
  Runs runs = {};
  overlay::NodeConfig node = {.timers = overlay::Timers::wan()};
  MakeLatency latency = on_a_plane(std::chrono::milliseconds(100));
  std::size_t nodes = 500;
  std::vector<double> shares = {.02, .1, .5};  ///< of the nodes on the smaller side
  /// How long the cut lasts; one run for each share and duration.
  std::vector<Duration> durations = {std::chrono::seconds(10), std::chrono::minutes(1),
                                     std::chrono::minutes(10)};
  Duration limit = std::chrono::minutes(30);  ///< to be one ring again
};

/// What is impossible about it, in words for the one who asked for it.
Outcome check(const HealSetup& setup);

}  // namespace phyllo::sim
