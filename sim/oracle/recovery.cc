#include "sim/oracle/recovery.h"

#include <functional>

#include "sim/oracle/cluster_oracle.h"

namespace phyllo::sim {
namespace {

/// Runs until `check` finds nothing; what it finds last where it goes on finding for `limit`.
Findings within(Cluster& cluster, Duration limit, const char* what,
                const std::function<Findings()>& check) {
  const Time start = cluster.now();
  Findings last = check();
  while (!last.empty() && cluster.now() - start < limit) {
    cluster.run_for(std::chrono::milliseconds(100));
    last = check();
  }
  if (last.empty()) return {};
  last.insert(last.begin(), std::string(what) + " after " +
                                std::to_string(limit / std::chrono::milliseconds(1)) + " ms:");
  return last;
}

/// Of all rings that brokers are in.
const overlay::Timers& slowest_timers(const broker::BrokerConfig& config) {
  return config.regions.size() < 2 ? config.overlay.timers : config.global_ring;
}

}  // namespace

RecoveryTimes RecoveryTimes::after_failures(const broker::BrokerConfig& config) {
  const overlay::Timers& timers = slowest_timers(config);
  const multicast::ForestConfig& forest = config.multicast;
  // A second failure may show only when the first one is repaired, and a third one then.
  const Duration detection = timers.silence + 2 * timers.probe_attempts * timers.probe_timeout;
  RecoveryTimes times{.ring = 3 * detection,
                      .trees = forest.parent_timeout + forest.child_timeout + forest.refresh,
                      .cleanup = forest.child_timeout + forest.refresh};
  if (config.regions.size() < 2) return times;
  // A rendezvous that died may have to be waited for, and then roots that died; and a region keeps
  // the tree of a topic for a minute after the last publication.
  times.trees += 3 * config.borders.lease;
  times.cleanup += std::chrono::minutes(1) + forest.refresh;
  return times;
}

RecoveryTimes RecoveryTimes::after_partition(const broker::BrokerConfig& config) {
  RecoveryTimes times = after_failures(config);
  times.ring += 10 * slowest_timers(config).heal;  // the longest back-off, and a little
  return times;
}

Findings check_recovery(Cluster& cluster, const RecoveryTimes& times) {
  const auto leaf_sets = [&] { return check_leaf_sets(cluster); };
  const auto trees = [&] {
    Findings out = check_trees(cluster);
    if (!cluster.all_live()) out.push_back("not every subscription is live");
    return out;
  };
  Findings out = within(cluster, times.ring, "the ring is not exact", leaf_sets);
  append(out, within(cluster, times.trees, "the trees are not whole", trees));
  return out;
}

}  // namespace phyllo::sim
