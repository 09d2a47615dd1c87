#include "sim/swarm/swarm_run.h"

#include <algorithm>
#include <set>
#include <utility>

#include "sim/fault/fault_injector.h"
#include "sim/fault/fault_text.h"
#include "sim/fault/words.h"
#include "sim/network/message_text.h"
#include "sim/oracle/border_copies.h"
#include "sim/oracle/cluster_oracle.h"
#include "sim/oracle/fence_watch.h"
#include "sim/oracle/recovery.h"
#include "sim/swarm/swarm_watch.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

/// For what must come to an end by itself: joins, subscriptions, acknowledgements.
constexpr Duration kPatience = 90s;

/// All that programs use.
std::vector<std::string> topics_of(const SwarmCase& swarm) {
  std::set<std::string> topics;
  for (const Step& step : swarm.steps) {
    const auto* deed = std::get_if<Deed>(&step.what);
    if (deed == nullptr) continue;
    if (const auto* reads = std::get_if<Subscribes>(&deed->what)) topics.insert(reads->topic);
    if (const auto* writes = std::get_if<Publishes>(&deed->what)) topics.insert(writes->topic);
  }
  return {topics.begin(), topics.end()};
}

/// Programs do not leave the regions they begin in.
BorderCopies::Readers readers_of(const SwarmCase& swarm) {
  BorderCopies::Readers readers;
  for (const Step& step : swarm.steps) {
    const auto* deed = std::get_if<Deed>(&step.what);
    if (deed == nullptr) continue;
    const auto* reads = std::get_if<Subscribes>(&deed->what);
    if (reads == nullptr) continue;
    const StationId broker = swarm.programs[deed->program];
    readers[reads->topic].insert(SwarmCase::region_name(broker % swarm.regions));
  }
  return readers;
}

class SwarmRun {
 public:
  SwarmRun(const SwarmCase& swarm, const SwarmOptions& options)
      : case_(swarm),
        options_(options),
        cluster_({.seed = swarm.seed, .broker = swarm.broker}),
        faults_(cluster_, swarm.seeds()),
        watch_(cluster_, swarm, options.invariants),
        fence_(cluster_, topics_of(swarm)),
        copies_(cluster_, readers_of(swarm)) {
    cluster_.network().trace().keep(2000);
    cluster_.network().trace().watch([this](const NetworkTrace::Record& record) { saw(record); });
  }

  SwarmOutcome live() {
    auto violation = gather();
    if (!violation) violation = endure();
    if (!violation) violation = recover();
    if (!violation) violation = settle();
    SwarmOutcome outcome = sum_up();
    outcome.violation = std::move(violation);
    return outcome;
  }

 private:
  using Verdict = std::optional<Violation>;

  Verdict judge(const char* rule, Findings findings) const {
    if (findings.empty()) return std::nullopt;
    return witness(cluster_, rule, std::move(findings));
  }
  /// Waits for something that must happen, and looks at the invariants meanwhile.
  Verdict expect(const char* rule, const std::function<bool()>& done, const char* otherwise) {
    const Time end = cluster_.now() + kPatience;
    while (!done()) {
      if (cluster_.now() >= end) return judge(rule, {otherwise});
      if (auto violation = pass(250ms)) return violation;
    }
    return std::nullopt;
  }
  Verdict pass(Duration time) {
    cluster_.run_for(time);
    if (auto violation = judge("fence", fence_.findings())) return violation;
    if (auto violation = judge("copies over borders", copies_.strays())) return violation;
    return watch_.look();
  }

  /// Before anything happens: a ring of all brokers.
  Verdict gather() {
    for (StationId id = 0; id < case_.machines; ++id) {
      cluster_.add(SwarmCase::region_name(id % case_.regions));
    }
    const std::vector<StationId> seeds = case_.seeds();
    for (StationId id = 0; id < case_.brokers; ++id) {
      cluster_.start(id, id == 0 ? std::vector<StationId>{} : seeds);
      const auto active = [&] { return cluster_.all_active(); };
      if (auto violation = expect("joining", active, "a broker did not get in")) return violation;
    }
    for (const StationId broker : case_.programs) cluster_.program(broker);
    // A root whose ring has just changed may not take anything yet.
    settled_ = cluster_.now() + 4 * case_.broker.multicast.heartbeat;
    return pass(100ms);
  }

  Verdict endure() {
    for (const Step& step : case_.steps) {
      cluster_.after(step.at, [this, &step] { carry_out(step); });
    }
    const Time end = cluster_.now() + case_.length();
    while (cluster_.now() < end) {
      if (auto violation = pass(std::min<Duration>(250ms, end - cluster_.now()))) return violation;
    }
    return std::nullopt;
  }
  void carry_out(const Step& step) {
    if (options_.trace) {
      options_.trace("*** " + seconds_text(cluster_.now().time_since_epoch()) + " " +
                     std::visit([](const auto& what) { return to_text(what); }, step.what));
    }
    if (const auto* fault = std::get_if<Fault>(&step.what)) return faults_.apply(*fault);
    const Deed& deed = std::get<Deed>(step.what);
    Program& program = *cluster_.programs()[deed.program];
    if (program.left()) return;
    std::visit([&](const auto& what) { act(program, what); }, deed.what);
  }
  void act(Program& program, const Subscribes& deed) {
    program.subscribe({deed.topic, deed.policy, deed.credit, deed.queue});
  }
  void act(Program& program, const Unsubscribes&) { program.unsubscribe_oldest(); }
  void act(Program& program, const Publishes& deed) {
    for (std::uint32_t i = 0; i < deed.batches; ++i) {
      cluster_.after(deed.every * i, [&program, deed] {
        if (!program.left()) program.publish(deed.topic, deed.messages);
      });
    }
  }
  void act(Program& program, const Stalls& deed) {
    program.stall();
    cluster_.after(deed.lasts, [&program] { program.resume(); });
  }
  void act(Program& program, const Leaves&) { program.leave(); }

  /// An operator would do this: end what lasts, and start the brokers that others join through.
  Verdict recover() {
    faults_.heal();
    const auto drained = [&] {
      return std::ranges::none_of(faults_.draining(),
                                  [&](StationId id) { return cluster_.running(id); });
    };
    if (auto violation = expect("draining", drained, "a broker drains for ever")) return violation;
    for (const StationId seed : case_.seeds()) faults_.apply(Restart{seed});
    if (borders()) restart_regions();
    const auto times = RecoveryTimes::after_partition(case_.broker);
    if (auto violation = judge("recovery", check_recovery(cluster_, times))) return violation;
    return watch_.look();
  }

  /// Programs do not go elsewhere: a region in which no broker is left gets one back.
  void restart_regions() {
    for (StationId id = 0; id < case_.regions && id < case_.machines; ++id) {
      const auto runs = [&](StationId each) { return each % case_.regions == id; };
      if (std::ranges::none_of(cluster_.running(), runs)) faults_.apply(Restart{id});
    }
  }

  Verdict settle() {
    const auto live = [&] { return cluster_.all_live(); };
    const auto acknowledged = [&] { return cluster_.all_acknowledged(); };
    if (auto violation = expect("subscribing", live, "a subscription is not live")) {
      return violation;
    }
    if (auto violation = expect("acknowledging", acknowledged, "a batch is not acknowledged")) {
      return violation;
    }
    Duration patience = 8 * case_.broker.multicast.heartbeat;
    // What waited for a region goes there first, and who publishes asks who wants it.
    if (borders()) patience += 2 * case_.broker.borders.lease;
    if (auto violation = pass(patience)) return violation;
    if (auto violation = judge("publishing", check_publications(cluster_, patience))) {
      return violation;
    }
    if (auto violation = judge_copies(patience)) return violation;
    if (auto violation = pass(1s)) return violation;
    if (auto violation = judge("ledger", check_programs(cluster_))) return violation;
    if (!case_.has_faults() && cluster_.ledger().excess_messages() > 0) {
      return judge("exact ledger", {"without a fault more was reported than was lost"});
    }
    if (auto violation = judge("ring", check_ring(cluster_))) return violation;
    if (auto violation = judge("trees", check_trees(cluster_))) return violation;
    if (auto violation = judge("cleaning up", check_cleanup(cluster_, kPatience))) return violation;
    return watch_.look();
  }

  /// Where regions have trees of their own.
  bool borders() const { return case_.broker.regions.size() > 1; }

  Verdict judge_copies(Duration patience) {
    if (!borders()) return std::nullopt;
    if (!case_.has_faults()) {
      if (auto violation = judge("one copy over a border", copies_.repeats(settled_)))
        return violation;
    }
    return judge("one copy over a border", check_copies(cluster_, copies_, patience));
  }

  void saw(const NetworkTrace::Record& record) {
    fence_.saw(record);
    if (borders()) copies_.saw(record);
    mix(static_cast<std::uint64_t>(record.when.time_since_epoch().count()));
    mix((std::uint64_t{record.from} << 32) | record.to);
    mix(std::hash<std::string_view>{}(record.wire.header));
    mix(record.wire.body.size());
    if (!options_.trace) return;
    const auto describe = borders() ? describe_wire_of_regions : describe_wire;
    options_.trace(NetworkTrace::line(record, describe));
  }
  /// FNV-1a, a word at a time.
  void mix(std::uint64_t word) { fingerprint_ = (fingerprint_ ^ word) * 0x100000001b3; }

  SwarmOutcome sum_up() const {
    const Ledger& ledger = cluster_.ledger();
    return {.violation = std::nullopt,
            .fingerprint = fingerprint_,
            .virtual_time = cluster_.now().time_since_epoch(),
            .network_messages = cluster_.network().messages_sent(),
            .faults = faults_.applied(),
            .published = ledger.published_messages(),
            .delivered = ledger.delivered_messages(),
            .gaps = ledger.gap_messages(),
            .excess = ledger.excess_messages(),
            .crossed = copies_.copies(),
            .crossed_again = copies_.repeated()};
  }

  const SwarmCase& case_;
  const SwarmOptions& options_;
  std::uint64_t fingerprint_ = 0xcbf29ce484222325;
  Cluster cluster_;
  FaultInjector faults_;
  Time settled_{};
  SwarmWatch watch_;
  FenceWatch fence_;
  BorderCopies copies_;
};

}  // namespace

SwarmOutcome run_swarm(const SwarmCase& swarm, const SwarmOptions& options) {
  return SwarmRun(swarm, options).live();
}

}  // namespace phyllo::sim
