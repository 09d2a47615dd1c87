#include "sim/experiment/pastry_failures.h"

#include <algorithm>
#include <initializer_list>
#include <numeric>

#include "sim/experiment/comparison.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kJoinLimit = 10min;
constexpr Duration kSettle = 1h;  // newcomers' tables ask ever less until then
constexpr Duration kRest = 1min;
constexpr Duration kLook = 10s;  // how often it is seen whether all is repaired
constexpr Duration kRepairLimit = 4h;
constexpr Duration kUsual = 20min;  // the time over which usual traffic is measured

bool knows_dead(const Population& population) {
  const auto dead = [&](const overlay::Contact& contact) {
    return !population.ring().contains(contact.id());
  };
  return std::any_of(population.active().begin(), population.active().end(), [&](StationId id) {
    const overlay::Node& node = population.node(id);
    const auto left = node.left_leaves();
    const auto right = node.right_leaves();
    const auto table = node.routing_table();
    return std::any_of(left.begin(), left.end(), dead) ||
           std::any_of(right.begin(), right.end(), dead) ||
           std::any_of(table.begin(), table.end(), dead);
  });
}

/// What all nodes say in `kUsual` when nothing happens.
Traffic usual_traffic(Population& population) {
  const Traffic start = population.traffic();
  population.run_for(kUsual);
  return population.traffic().since(start);
}

/// What was said while it was repaired, beyond what is usual and what belongs to the lookups.
void count_repair(const Traffic& repair, const Traffic& beside, const Traffic& usual,
                  double times_usual, FailureFindings& found) {
  for (std::size_t i = 0; i < kErrands; ++i) {
    const auto errand = static_cast<Errand>(i);
    if (errand == Errand::kLookup || errand == Errand::kAck) continue;
    const auto count = [&](const Traffic& traffic) {
      return static_cast<double>(traffic.of(errand));
    };
    found.by_errand[i] = (count(repair) - count(beside) - times_usual * count(usual)) / found.dead;
    found.repair_messages += found.by_errand[i];
  }
}

/// What the messages of the repair are for.
Table errands(const std::vector<FailureFindings>& found) {
  Table table;
  table.title = "Messages per failed node, by errand";
  std::vector<Cell> row;
  for (std::size_t i = 0; i < kErrands; ++i) {
    const auto errand = static_cast<Errand>(i);
    if (errand == Errand::kLookup || errand == Errand::kAck) continue;
    table.columns.emplace_back(kErrandNames[i]);
    row.emplace_back(
        median_of<FailureFindings>(found, [&](const auto& f) { return f.by_errand[i]; }));
  }
  table.rows.push_back(std::move(row));
  return table;
}

}  // namespace

FailureFindings run_failures(const PastrySetup& setup, std::uint64_t seed, SeedProgress& progress) {
  const PastrySetup::Failures& part = setup.failures;
  Population population({.seed = seed, .node = setup.node, .latency = setup.latency});
  progress.may_abandon(population.queue());
  FailureFindings found;
  const bool grown = population.grow(part.nodes, kJoinLimit, [&](std::size_t i) {
    const double share = static_cast<double>(i) / static_cast<double>(part.nodes);
    if (i % 64 == 0) progress.update("joining", .4 * share, population.queue());
  });
  if (!grown) return found;
  population.run_for(kSettle);
  const auto look_up = [&] {
    return look_up_many(population, part.lookups, Lookup::Goal::kAnyReplica, part.replicas);
  };
  // What lookups cost besides their hops: questions about holes they meet.
  const Traffic quiet = population.traffic();
  found.before = look_up();
  const Traffic beside = population.traffic().since(quiet);
  const Traffic usual = usual_traffic(population);
  const auto before = static_cast<double>(population.living());
  progress.update("dying", .6, population.queue());

  const auto dying = std::max<std::size_t>(
      1, static_cast<std::size_t>(part.share * static_cast<double>(part.nodes)));
  for (std::size_t i = 0; i < dying; ++i) population.die(population.pick());
  found.dead = static_cast<double>(dying);
  const Time died = population.now();
  const Traffic start = population.traffic();
  found.before_repair = look_up();
  while (knows_dead(population) && population.now() - died < kRepairLimit) {
    population.run_for(kLook);
    progress.update("repairing", .8, population.queue());
  }
  found.repaired = !knows_dead(population);
  found.repair_time = population.now() - died;
  population.run_for(kRest);
  const double times_usual = static_cast<double>(population.living()) / before *
                             std::chrono::duration<double>(population.now() - died).count() /
                             std::chrono::duration<double>(kUsual).count();
  count_repair(population.traffic().since(start), beside, usual, times_usual, found);
  found.after = look_up();
  return found;
}

void report_failures(const PastrySetup& setup, const std::vector<FailureFindings>& found,
                     Report& report) {
  const auto each = [&](const std::function<double(const FailureFindings&)>& of) {
    return each_of<FailureFindings>(found, of);
  };
  const auto& theirs = published::kPastryFailures;
  Comparison table("Failures: " + std::to_string(setup.failures.nodes) + " nodes, of which " +
                       std::to_string(static_cast<int>(found[0].dead)) + " die silently",
                   {"what"});
  const auto add = [&](const char* what, const published::Figure& figure, const auto& of) {
    table.add({what}, figure, each(of), at_most(figure));
  };
  add("hops before", theirs.hops_before, [](const auto& f) { return f.before.hops; });
  add("hops before repair", theirs.hops_before_repair,
      [](const auto& f) { return f.before_repair.hops; });
  add("hops after repair", theirs.hops_after, [](const auto& f) { return f.after.hops; });
  add("messages per failed node", theirs.messages_per_failure,
      [](const auto& f) { return f.repair_messages; });
  const auto part = [&](const char* what, std::initializer_list<Errand> errands) {
    table.add({what}, std::nullopt, each([&](const FailureFindings& f) {
                return std::accumulate(errands.begin(), errands.end(), 0.0,
                                       [&](double sum, auto e) {
                                         return sum + f.by_errand[static_cast<std::size_t>(e)];
                                       });
              }));
  };
  part("of which routing tables",
       {Errand::kPing, Errand::kPong, Errand::kDistance, Errand::kQuestion, Errand::kAnswer});
  part("of which leaf sets",
       {Errand::kLeafProbe, Errand::kLeafReply, Errand::kLeafNews, Errand::kHeartbeat});
  part("of which lookups again", {Errand::kAgain});
  table.add({"seconds until nobody knew a dead node"}, std::nullopt, each([](const auto& f) {
              return std::chrono::duration<double>(f.repair_time).count();
            }));
  report.tables.push_back(table.done(
      "Lookups stop at the first of the " + std::to_string(setup.failures.replicas) +
      " nodes closest to the key. Messages are those beyond what is usual in the same time."));
  report.tables.push_back(errands(found));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const FailureFindings& one = found[i];
    const std::string where = "failures, seed " + std::to_string(report.seeds[i]) + ": ";
    if (!one.repaired) report.violations.push_back(where + "dead nodes are still in tables");
    const std::size_t lost = one.before.missing + one.before_repair.missing + one.after.missing;
    const std::size_t wrong = one.before.wrong + one.after.wrong;
    if (lost + wrong > 0) {
      report.violations.push_back(where + std::to_string(lost) + " lookups lost, " +
                                  std::to_string(wrong) + " at a wrong node");
    }
  }
}

}  // namespace phyllo::sim
