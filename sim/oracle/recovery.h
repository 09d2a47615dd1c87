#pragma once

#include "sim/cluster/cluster.h"
#include "sim/oracle/findings.h"

namespace phyllo::sim {

/// How long after the last fault each thing may still be wrong.
struct RecoveryTimes {
  Duration ring;     ///< every broker active, all leaf sets exact
  Duration trees;    ///< from then on: every subscription live, in one tree, nothing left over
  Duration cleanup;  ///< after the last subscriber went

  /// When processes start, end and hang, by the brokers' timers.
  static RecoveryTimes after_failures(const broker::BrokerConfig& config);
  /// When a network that was in parts is whole again: who was lost is tried ever more seldom.
  static RecoveryTimes after_partition(const broker::BrokerConfig& config);
};

/// Lets time pass, with nothing else going on than what was set going before, and says what was
/// not right in time.
Findings check_recovery(Cluster& cluster, const RecoveryTimes& times);

}  // namespace phyllo::sim
