#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "multicast/forest_config.h"
#include "overlay/node_config.h"
#include "sim/experiment/plane.h"
#include "sim/experiment/runs.h"
#include "sim/network/latency_model.h"

namespace phyllo::sim {

/// A part of all nodes dies in the same instant, without a word.
struct MassFailureSetup {
  Runs runs = {};
  overlay::NodeConfig node = {.timers = overlay::Timers::paper()};
  MakeLatency latency = on_a_plane(std::chrono::milliseconds(100));
  std::size_t nodes = 10'000;
  std::vector<double> shares = {.3, .5, .8, .9, .95};  ///< of the nodes; one run for each
  double lookups = 100;                                ///< per second, of all nodes together
  /// Besides, so many nodes subscribe to one topic before a part of them dies.
  std::size_t subscribers = 1'000;
  multicast::ForestConfig forest = multicast::ForestConfig::paper();
  Duration limit = std::chrono::minutes(10);  ///< to be one ring again
};

/// What is impossible about it, in words for the one who asked for it.
Outcome check(const MassFailureSetup& setup);

}  // namespace phyllo::sim
