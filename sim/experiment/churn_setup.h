#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/result.h"
#include "overlay/node_config.h"
#include "sim/experiment/plane.h"
#include "sim/experiment/runs.h"
#include "sim/fault/churn.h"
#include "sim/network/latency_model.h"

namespace phyllo::sim {

/// Lookups while nodes come and go, after Castro, Costa and Rowstron (DSN 2004). Nodes die without
/// a word; each newcomer has an id of its own.
struct ChurnSetup {
  Runs runs = {};
  overlay::NodeConfig node = {.timers = overlay::Timers::paper()};
  MakeLatency latency = on_a_plane(std::chrono::milliseconds(100));
  std::size_t nodes = 2'000;                                     ///< on average
  std::vector<Duration> sessions = {std::chrono::minutes(138)};  ///< means; one run for each
  /// What comes and goes, instead of `nodes` and `sessions`.
  std::optional<ChurnTrace> trace;
  std::vector<double> losses = {0, 0.05};      ///< of messages on the links; one run for each
  Duration settle = std::chrono::minutes(10);  ///< churn before anything is measured
  Duration length = std::chrono::hours(1);     ///< measured
  double lookups = 0.01;                       ///< per node and second
};

/// What is impossible about it, in words for the one who asked for it.
Outcome check(const ChurnSetup& setup);

}  // namespace phyllo::sim
