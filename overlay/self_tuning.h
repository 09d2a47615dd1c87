#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"
#include "overlay/leaf_set.h"
#include "overlay/node_config.h"

namespace phyllo::overlay {

/// Failures seen lately among the nodes one watches: the estimate of µ, a node's failure rate.
class FailureRate {
 public:
  explicit FailureRate(Time start) : start_(start) {}
  void failed(Time now);
  /// Failures per second and watched node.
  double per_second(Time now, std::size_t watched) const;
  /// How many failed since `since`.
  std::size_t since(Time since) const;

 private:
  static constexpr std::size_t kWindow = 16;
  Time start_;
  std::vector<Time> failures_;
};

/// The number of nodes in the ring, from how close together the leaves stand.
double estimate_ring_size(const LeafSet& leaves);

/// How seldom routing-table entries may be probed so that at most three lookups in a hundred would
/// meet a dead hop were there no acknowledgements (MSPastry, DSN 2004). Never more than
/// `table_probe`.
Duration tuned_probe_interval(const Timers& timers, double ring_size, double failures_per_second);

}  // namespace phyllo::overlay
