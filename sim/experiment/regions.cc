#include "sim/experiment/regions.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "base/check.h"
#include "sim/experiment/comparison.h"
#include "sim/experiment/regions_account.h"
#include "sim/experiment/regions_run.h"
#include "sim/experiment/seed_runner.h"

namespace phyllo::sim {
namespace {

using Way = RegionsSetup::Way;

struct WayRun {
  RegionsAccount sum;
  double control = 0;  ///< bytes per second over borders, of all brokers
  Findings findings;
};
using SeedFound = std::map<Way, WayRun>;

std::string name_of(Way way) {
  switch (way) {
    case Way::kRegions:
      return "a tree in each region";
    case Way::kRelays:
      return "the same, with relays";
    case Way::kScribe:
      return "one tree, nearest hop";
    case Way::kFactor:
      return "one tree, other regions 5 x as far";
    case Way::kMesh:
      return "full mesh of brokers";
    case Way::kGossip:
      return "gossip";
  }
  return "";
}

bool whole_brokers(Way way) { return way != Way::kMesh && way != Way::kGossip; }

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// The value below which this part of them is; 0 of none.
double quantile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  const auto place = static_cast<std::size_t>(part * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(place));
  return values[place];
}

SeedFound run_seed(const RegionsSetup& setup, std::uint64_t seed, SeedProgress& progress) {
  SeedFound found;
  const std::vector<RegionalTopic> topics = topics_of(setup, seed);
  const auto network = network_with_brokers(setup);
  const auto all = static_cast<double>(std::ranges::count_if(setup.ways, whole_brokers));
  double done = 0;
  for (const Way way : setup.ways) {
    if (whole_brokers(way)) {
      progress.next_world(done / all, (done + 1) / all);
      ++done;
    }
    WayFound run = run_way(setup, way, topics, seed, progress);
    run.spreads.resize(topics.size());
    found[way] = {account(topics, run.spreads, setup.regions, *network),
                  run.control_bytes_per_second, std::move(run.findings)};
  }
  return found;
}

using Of = std::function<double(const WayRun&)>;

double median_of(const std::vector<SeedFound>& found, Way way, const Of& of) {
  std::vector<double> values;
  for (const SeedFound& seed : found) values.push_back(of(seed.at(way)));
  return median(std::move(values));
}

Table copies_table(const RegionsSetup& setup, const std::vector<SeedFound>& found) {
  Table table;
  table.title = "One message of each topic: what crosses borders";
  table.columns = {"way",
                   "copies into a region that wants it",
                   "second copies",
                   "copies into other regions",
                   "US$ per million messages of 1 kB on each topic",
                   "times ours",
                   "control bytes/s over borders, each broker"};
  table.note =
      "Prices as in the shipped table of a public cloud; relays may take 50 ms longer, and copies "
      "into other regions are those that pass through. The mesh and the gossip are no "
      "software of ours: what they send is reckoned for the same topics and places.";
  const auto dollars = [](const WayRun& run) { return run.sum.dollars; };
  const bool ours = setup.ways.contains(Way::kRegions);
  const auto brokers = static_cast<double>(setup.regions * setup.brokers);
  for (const Way way : setup.ways) {
    const double cost = median_of(found, way, dollars);
    table.rows.push_back(
        {name_of(way),
         median_of(found, way,
                   [](const WayRun& run) {
                     return share(run.sum.copies.entered, run.sum.copies.wanted);
                   }),
         median_of(found, way,
                   [](const WayRun& run) { return static_cast<double>(run.sum.copies.repeated); }),
         median_of(found, way,
                   [](const WayRun& run) { return static_cast<double>(run.sum.copies.unwanted); }),
         cost, ours ? Cell(cost / median_of(found, Way::kRegions, dollars)) : Cell(),
         whole_brokers(way)
             ? Cell(median_of(found, way, [&](const WayRun& run) { return run.control / brokers; }))
             : Cell()});
  }
  return table;
}

Table delay_table(const RegionsSetup& setup, const std::vector<SeedFound>& found) {
  Table table;
  table.title = "Delay: that of a delivery ÷ that of sending it straight there";
  table.columns = {"way",  "other regions, median", "95 %", "own region, median",
                   "95 %", "not delivered"};
  table.note =
      "From the publishing program to the broker of the subscriber. Within a region, "
      "where a straight way takes a quarter of a millisecond, each hop of a tree counts.";
  const auto delay = [&](Way way, std::vector<double> RegionsAccount::*of, double part) {
    return median_of(found, way, [&](const WayRun& run) { return quantile(run.sum.*of, part); });
  };
  for (const Way way : setup.ways) {
    table.rows.push_back(
        {name_of(way), delay(way, &RegionsAccount::far, .5), delay(way, &RegionsAccount::far, .95),
         delay(way, &RegionsAccount::near, .5), delay(way, &RegionsAccount::near, .95),
         median_of(found, way,
                   [](const WayRun& run) { return static_cast<double>(run.sum.undelivered); })});
  }
  return table;
}

/// Of the first seed: how many of the deliveries in other regions were at most so late.
Plot delay_plot(const RegionsSetup& setup, const SeedFound& found) {
  constexpr int kPoints = 100;
  Plot plot{.title = "Delay of deliveries in other regions",
            .x = "delay ÷ delay of sending straight",
            .y = "part of the deliveries",
            .lines = {},
            .x_scale = Plot::Scale::kLogarithmic};
  for (const Way way : setup.ways) {
    Plot::Line line{.name = name_of(way), .points = {}};
    for (int i = 1; i <= kPoints && !found.at(way).sum.far.empty(); ++i) {
      const double part = static_cast<double>(i) / kPoints;
      line.points.emplace_back(quantile(found.at(way).sum.far, part), part);
    }
    plot.lines.push_back(std::move(line));
  }
  return plot;
}

/// What must be so when each region has a tree of its own.
void judge(const RegionsSetup& setup, const std::vector<SeedFound>& found, Report& report) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::string seed = "seed " + std::to_string(report.seeds[i]) + ": ";
    for (const auto& [way, run] : found[i]) {
      for (const std::string& finding : run.findings) {
        report.violations.push_back(seed + name_of(way) + ": " + finding);
      }
    }
    for (const Way way : {Way::kRegions, Way::kRelays}) {
      if (!setup.ways.contains(way)) continue;
      const RegionsAccount& ours = found[i].at(way).sum;
      const auto none = [&](std::uint64_t count, const std::string& what) {
        if (count == 0) return;
        report.violations.push_back(seed + name_of(way) + ": " + std::to_string(count) + ' ' +
                                    what);
      };
      none(ours.copies.repeated, "second copies entered a region");
      none(ours.copies.missed, "copies did not enter a region that wants them");
      none(ours.undelivered, "deliveries did not happen");
      if (way == Way::kRegions)
        none(ours.copies.unwanted, "copies entered a region without subscribers");
    }
  }
}

}  // namespace

Report run_regions(const RegionsSetup& setup, Progress& progress) {
  PHYLLO_CHECK(check(setup).ok());
  const auto found = run_seeds<SeedFound>(
      setup.runs, progress,
      [&](std::uint64_t seed, SeedProgress& mine) { return run_seed(setup, seed, mine); });
  Report report;
  report.title = "Regions: copies over borders, their cost and their delay";
  report.parameters = {{"regions", std::to_string(setup.regions)},
                       {"brokers in each", std::to_string(setup.brokers)},
                       {"topics", std::to_string(setup.topics)}};
  report.seeds = seeds_run(setup.runs, found);
  if (found.empty()) return report;
  report.tables = {copies_table(setup, found), delay_table(setup, found)};
  report.plots = {delay_plot(setup, found.front())};
  judge(setup, found, report);
  return report;
}

}  // namespace phyllo::sim
