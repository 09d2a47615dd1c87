#include "sim/experiment/pastry_replicas.h"

#include <algorithm>

#include "sim/experiment/comparison.h"
#include "sim/experiment/lookup_summary.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kJoinLimit = 10min;
constexpr Duration kRest = 1min;

/// The share of lookups from `first` on that came to the nearest, second nearest … replica.
std::vector<double> ranks(const Population& population, std::size_t first, std::size_t replicas) {
  std::vector<double> found(replicas);
  const auto count = static_cast<double>(population.lookups() - first);
  for (std::size_t i = first; i < population.lookups(); ++i) {
    const Lookup& lookup = population.lookup(i);
    if (lookup.end != Lookup::End::kReached) continue;
    const auto latency = [&](StationId id) {
      return population.network().latency(lookup.from, id);
    };
    std::size_t nearer = 0;
    for (const StationId id : population.closest(lookup.key, replicas)) {
      if (id != lookup.seen_at && latency(id) < latency(lookup.seen_at)) ++nearer;
    }
    if (nearer < replicas) found[nearer] += 1 / count;
  }
  return found;
}

}  // namespace

ReplicaFindings run_replicas(const PastrySetup& setup, std::uint64_t seed, SeedProgress& progress) {
  const PastrySetup::Replicas& part = setup.replicas;
  overlay::NodeConfig node = setup.node;
  node.leaf_set_size = part.leaf_set_size;
  Population population({.seed = seed, .node = node, .latency = setup.latency});
  progress.may_abandon(population.queue());
  ReplicaFindings found;
  const bool grown = population.grow(part.nodes, kJoinLimit, [&](std::size_t i) {
    const double share = static_cast<double>(i) / static_cast<double>(part.nodes);
    if (i % 64 == 0) progress.update("joining", share, population.queue());
  });
  found.first_met.resize(part.replicas);
  found.directed.resize(part.replicas);
  found.chosen.resize(part.replicas);
  found.lost = part.lookups;
  if (!grown) return found;
  population.run_for(kRest);
  const auto look_up = [&](Lookup::Goal goal) {
    const std::size_t first = population.lookups();
    const LookupSummary summary = look_up_many(population, part.lookups, goal, part.replicas);
    found.lost += summary.missing + summary.wrong;
    return ranks(population, first, part.replicas);
  };
  found.lost = 0;
  found.first_met = look_up(Lookup::Goal::kAnyReplica);
  found.directed = look_up(Lookup::Goal::kNearestReplica);
  found.chosen = look_up(Lookup::Goal::kChosenReplica);
  return found;
}

void report_replicas(const PastrySetup& setup, const std::vector<ReplicaFindings>& found,
                     Report& report) {
  const auto nearest = [](const std::vector<double>& ranks) { return ranks[0]; };
  const auto two = [](const std::vector<double>& ranks) {
    return ranks.size() < 2 ? ranks[0] : ranks[0] + ranks[1];
  };
  const auto each = [&](std::vector<double> ReplicaFindings::*which, const auto& of) {
    return each_of<ReplicaFindings>(found, [&](const auto& f) { return of(f.*which); });
  };
  Comparison table("Which of the " + std::to_string(setup.replicas.replicas) +
                       " replicas a lookup reaches, " + std::to_string(setup.replicas.nodes) +
                       " nodes",
                   {"lookups", "share that reaches"});
  const auto add = [&](const char* how, std::vector<double> ReplicaFindings::*which,
                       const published::Replicas& theirs) {
    table.add({how, "the nearest"}, theirs.nearest, each(which, nearest), at_least(theirs.nearest));
    table.add({how, "one of the two nearest"}, theirs.two_nearest, each(which, two),
              at_least(theirs.two_nearest));
  };
  add("stop at the first replica", &ReplicaFindings::first_met, published::kReplicasPlain);
  add("sent to the nearest likely replica", &ReplicaFindings::directed,
      published::kReplicasEstimated);
  add("from there sent to the nearest by coordinates", &ReplicaFindings::chosen,
      published::kReplicasPerfect);
  report.tables.push_back(
      table.done("Published with digits of 3 bits; ours have 4. Published in the last two rows: as "
                 "if density were known. There the first replica on the way knows the others and "
                 "about where they and the sender stand, and sends the lookup on once."));
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].lost == 0) continue;
    report.violations.push_back("replicas, seed " + std::to_string(report.seeds[i]) + ": " +
                                std::to_string(found[i].lost) + " lookups were lost");
  }
}

}  // namespace phyllo::sim
