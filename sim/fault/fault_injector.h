#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/cluster/cluster.h"
#include "sim/fault/fault.h"

namespace phyllo::sim {

/// Carries out plans on a cluster. What cannot be done when its time comes (a broker that should
/// crash does not run) is left out; so a plan may be cut down at will. Draws no random numbers but
/// those a fault brings along. Must outlive what it has planned: keep it as long as the cluster
/// runs.
class FaultInjector {
 public:
  /// Brokers that restart join through `seeds`; `weather` is that of a network without faults.
  FaultInjector(Cluster& cluster, std::vector<StationId> seeds, Weather weather = {});

  /// The times of the plan count from now.
  void carry_out(const FaultPlan& plan);
  void apply(const Fault& fault);
  /// Ends whatever lasts, at once; what is planned for later still comes.
  void heal();
  /// Whether nothing lasts any more.
  bool calm() const { return in_force_.empty(); }
  /// Brokers that were told to drain: they are to end.
  const std::set<StationId>& draining() const { return draining_; }
  /// How many faults were carried out, and how many could not be.
  std::uint64_t applied() const { return applied_; }
  std::uint64_t left_out() const { return left_out_; }

 private:
  struct InForce {
    Fault fault;
    std::optional<Network::Group> group;  // of a partition
  };
  using Number = std::uint64_t;

  bool start(const Crash& crash);
  bool start(const MassCrash& crash);
  bool start(const Restart& restart);
  bool start(const Drain& drain);
  bool start(const Pause& pause);
  bool start(const Partition& partition);
  bool start(const Clog& clog);
  bool start(const BrokenLink& link);
  bool start(const BrokenSessions& broken);
  bool start(const Heal&);
  template <class Storm>
  bool start(const Storm& storm);
  InForce& put_in_force(Fault fault, Duration lasts);
  void end(Number number);
  void undo(const InForce& fault);
  /// Of all storms in force the worst of each kind counts.
  void set_weather();

  Cluster& cluster_;
  std::vector<StationId> seeds_;
  Weather weather_;
  std::map<Number, InForce> in_force_;
  std::set<StationId> draining_;
  Number last_number_ = 0;
  std::uint64_t applied_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace phyllo::sim
