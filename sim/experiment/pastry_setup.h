#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "base/result.h"
#include "overlay/node_config.h"
#include "sim/experiment/plane.h"
#include "sim/experiment/runs.h"
#include "sim/network/latency_model.h"

namespace phyllo::sim {

/// The parts of the Pastry experiment, after Rowstron and Druschel (Middleware 2001). All of them
/// place nodes at random on a plane, where proximity is distance, and let them join one by one.
struct PastrySetup {
  /// Hops and route distance by ring size, the tables' quality, and what a join costs.
  struct Growth {
    std::vector<std::size_t> sizes = {1'000, 2'000, 5'000, 10'000};  ///< ascending
    std::size_t lookups = 20'000;                                    ///< at each size
  };
  /// Some die silently; lookups stop at the first of the `replicas` nodes closest to the key.
  struct Failures {
    std::size_t nodes = 5'000;
    double share = 0.1;  ///< of the nodes, in (0, 1)
    std::size_t replicas = 5;
    std::size_t lookups = 20'000;  ///< each: before, before repair, after
  };
  /// How often a lookup reaches the nearest of the `replicas` nodes closest to the key.
  struct Replicas {
    std::size_t nodes = 10'000;
    std::size_t leaf_set_size = 8;
    std::size_t replicas = 5;
    std::size_t lookups = 20'000;
  };
  enum class Part { kGrowth, kFailures, kReplicas };

  Runs runs = {};
  overlay::NodeConfig node = {.timers = overlay::Timers::paper()};
  MakeLatency latency = on_a_plane(std::chrono::milliseconds(5));
  std::set<Part> parts = {Part::kGrowth, Part::kFailures, Part::kReplicas};
  Growth growth = {};
  Failures failures = {};
  Replicas replicas = {};
};

/// What is impossible about it, in words for the one who asked for it.
Outcome check(const PastrySetup& setup);

}  // namespace phyllo::sim
