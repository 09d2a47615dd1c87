#include "sim/plan/predict.h"

#include <array>

#include "base/topic_name.h"
#include "multicast/topic_id.h"
#include "sim/experiment/seed_runner.h"
#include "sim/scenario/run_scenario.h"

namespace phyllo::sim {
namespace {

constexpr double kGigabyte = 1e9;

/// Also what says how the run was made.
void append(Report&& part, Report& report) {
  const auto move_to = [](auto& from, auto& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  for (auto& parameter : part.parameters) {
    if (parameter.first == "profile" || parameter.first == "measured") {
      report.parameters.push_back(std::move(parameter));
    }
  }
  report.seeds = part.seeds;
  move_to(part.tables, report.tables);
  move_to(part.plots, report.plots);
  move_to(part.violations, report.violations);
  move_to(part.notes, report.notes);
}

Table budgets_table(const ClusterFile& cluster, const Scenario& loaded,
                    const ScenarioFindings& found) {
  Table table{.title = "Budgets",
              .columns = {"from", "to", "cost a month", "budget a month", "÷ budget"},
              .rows = {},
              .note =
                  "Of all brokers together; each warns when what it sends itself would pass its "
                  "share of the budget."};
  const regions::RegionTable borders = broker::region_table(cluster.shared().regions);
  const auto& names = loaded.network.names;
  for (std::size_t from = 0; from < names.size(); ++from) {
    for (std::size_t to = 0; to < names.size(); ++to) {
      const auto row = borders.index(names[from]);
      const auto column = borders.index(names[to]);
      if (from == to || !row || !column || !borders.border(*row, *column).budget) continue;
      const double budget = *borders.border(*row, *column).budget;
      const double cost =
          bytes_a_month(found, from, to) / kGigabyte * loaded.network.price_per_gb[from][to];
      table.rows.push_back(
          {names[from], names[to], cost, budget, budget > 0 ? Cell(cost / budget) : Cell()});
    }
  }
  return table;
}

/// GB a month from one named region to another; none when either is not there.
double gigabytes(const Scenario& scenario, const ScenarioFindings& found, const std::string& from,
                 const std::string& to) {
  const auto row = scenario.network.index(from);
  const auto column = scenario.network.index(to);
  return row && column ? bytes_a_month(found, *row, *column) / kGigabyte : 0;
}

double price(const Scenario& scenario, const std::string& from, const std::string& to) {
  const auto row = scenario.network.index(from);
  const auto column = scenario.network.index(to);
  return row && column ? scenario.network.price_per_gb[*row][*column] : 0;
}

using BeforeAndAfter = std::array<ScenarioFindings, 2>;

Table cost_table(const std::vector<Scenario>& scenarios, const BeforeAndAfter& found) {
  Table table{.title = "Traffic and cost between regions, a month",
              .columns = {"from", "to", "GB before", "GB after", "cost before", "cost after"},
              .rows = {},
              .note = {}};
  std::vector<std::string> names = scenarios[0].network.names;
  for (const std::string& name : scenarios[1].network.names) {
    if (!scenarios[0].network.index(name)) names.push_back(name);
  }
  std::array<double, 2> sums{};
  for (const std::string& from : names) {
    for (const std::string& to : names) {
      if (from == to) continue;
      std::array<double, 2> volume{};
      std::array<double, 2> cost{};
      for (std::size_t i = 0; i < 2; ++i) {
        volume[i] = gigabytes(scenarios[i], found[i], from, to);
        cost[i] = volume[i] * price(scenarios[i], from, to);
        sums[i] += cost[i];
      }
      if (volume[0] + volume[1] == 0) continue;
      table.rows.push_back({from, to, volume[0], volume[1], cost[0], cost[1]});
    }
  }
  table.rows.push_back({"all", "", Cell(), Cell(), sums[0], sums[1]});
  return table;
}

Table topics_table(const std::vector<Scenario>& scenarios, const BeforeAndAfter& found) {
  Table table{.title = "Topics",
              .columns = {"topic", "root before", "root after", "p50 before, ms", "p50 after, ms",
                          "p99 before, ms", "p99 after, ms"},
              .rows = {},
              .note = "Delays from publisher to subscriber."};
  constexpr std::size_t kMost = 100;
  const auto delay = [](const ScenarioFindings& findings, std::size_t topic, double part) -> Cell {
    const Delays& delays = findings.topics[topic].delays;
    if (delays.count() == 0) return {};
    return std::chrono::duration<double, std::milli>(delays.quantile(part)).count();
  };
  const std::size_t topics = scenarios[0].topics.size();
  for (std::size_t i = 0; i < std::min(topics, kMost); ++i) {
    table.rows.push_back({scenarios[0].topics[i].name, found[0].trees[i].root,
                          found[1].trees[i].root, delay(found[0], i, .5), delay(found[1], i, .5),
                          delay(found[0], i, .99), delay(found[1], i, .99)});
  }
  if (topics > kMost) table.note += " And " + std::to_string(topics - kMost) + " more topics.";
  return table;
}

}  // namespace

void predict(const ClusterFile& cluster, const Scenario& loaded, const Runs& runs,
             Progress& progress, Report& report) {
  const auto found =
      run_seeds<ScenarioFindings>(runs, progress, [&](std::uint64_t seed, SeedProgress& shown) {
        return run_seed(loaded, seed, shown, progress);
      });
  append(scenario_report(loaded, runs, found), report);
  if (report.seeds.empty()) return;
  Table budgets = budgets_table(cluster, loaded, found.front());
  if (!budgets.rows.empty()) report.tables.push_back(std::move(budgets));
}

std::vector<PredictedBorder> predict_borders(const Scenario& loaded, std::uint64_t seed,
                                             Progress& progress) {
  const auto found = run_seeds<ScenarioFindings>(Runs{{seed}, 1}, progress,
                                                 [&](std::uint64_t each, SeedProgress& shown) {
                                                   return run_seed(loaded, each, shown, progress);
                                                 });
  std::vector<PredictedBorder> borders;
  if (found.empty() || found[0].measured <= Duration::zero()) return borders;
  const auto& names = loaded.network.names;
  for (std::size_t from = 0; from < names.size(); ++from) {
    for (std::size_t to = 0; to < names.size(); ++to) {
      if (from == to) continue;
      const double volume = bytes_a_month(found[0], from, to) / kGigabyte;
      const double cost = volume * loaded.network.price_per_gb[from][to];
      borders.push_back({names[from], names[to], volume, cost});
    }
  }
  return borders;
}

void predict_change(const std::vector<Scenario>& old_and_new, const Runs& runs, Progress& progress,
                    Report& report) {
  const auto found =
      run_seeds<BeforeAndAfter>(runs, progress, [&](std::uint64_t seed, SeedProgress& shown) {
        shown.next_world(0, .5);
        ScenarioFindings before = run_seed(old_and_new[0], seed, shown, progress);
        shown.next_world(.5, 1);
        return BeforeAndAfter{std::move(before), run_seed(old_and_new[1], seed, shown, progress)};
      });
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::string seed = "seed " + std::to_string(runs.seeds[i]);
    for (const std::string& each : found[i][0].violations) {
      report.violations.push_back(seed + ", before: " + each);
    }
    for (const std::string& each : found[i][1].violations) {
      report.violations.push_back(seed + ", after: " + each);
    }
    const bool whole =
        found[i][0].measured > Duration::zero() && found[i][1].measured > Duration::zero();
    if (whole) report.seeds.push_back(runs.seeds[i]);
  }
  if (report.seeds.empty()) return;
  report.tables.push_back(cost_table(old_and_new, found.front()));
  report.tables.push_back(topics_table(old_and_new, found.front()));
}

}  // namespace phyllo::sim
