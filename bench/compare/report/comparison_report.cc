#include "bench/compare/report/comparison_report.h"

#include <cmath>
#include <cstdio>
#include <map>
#include <thread>

#include "bench/compare/report/figure.h"

namespace phyllo::bench {
namespace {

using sim::Cell;

/// Three significant digits.
double rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double unit = std::pow(10, std::floor(std::log10(std::abs(value))) - 2);
  return std::round(value / unit) * unit;
}

Cell cell(const std::optional<Spread>& spread, double scale = 1) {
  if (!spread) return {};
  const double value = rounded(spread->median * scale);
  if (std::abs(value) >= 100) return static_cast<std::int64_t>(std::llround(value));
  return value;
}

std::string ratio_text(double ratio) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", ratio);
  return text;
}

/// Of all rounds together.
double percent_of_expected(const Comparison::Series& series,
                           std::uint64_t (Outcome::*count)() const) {
  double expected = 0;
  double lost = 0;
  for (const Outcome& outcome : series.outcomes) {
    expected += static_cast<double>(outcome.expected);
    lost += static_cast<double>((outcome.*count)());
  }
  return expected > 0 ? 100 * lost / expected : 0;
}

sim::Table results(const std::vector<Comparison>& comparisons) {
  sim::Table table{
      "Results, medians",
      {"workload", "system", "deliveries/s", "CPU ns per delivery", "p50 µs", "p99 µs", "p99.9 µs",
       "publish p99 µs", "peak MiB", "lost %", "silently lost %"},
      {},
      "CPU and memory are those of all processes together: servers, publishers, "
      "subscribers. Latencies count from the planned time of sending. Lost is what had not "
      "arrived 15 s after the last was published or 2 s after the last that came; silently: the "
      "subscriber was not told either."};
  for (const Comparison& comparison : comparisons) {
    if (comparison.workload.idle()) continue;
    const bool paced = comparison.workload.paced();
    const auto latency = [&](const Comparison::Series& series, double Outcome::*value) {
      return paced ? cell(spread_of(series, value)) : Cell{};
    };
    for (const Comparison::Series& series : comparison.series) {
      table.rows.push_back({comparison.workload.label(), series.system,
                            cell(spread_of(series, &Outcome::deliveries_per_second)),
                            cell(spread_of(series, &Outcome::cpu_us_per_delivery), 1000),
                            latency(series, &Outcome::p50_us), latency(series, &Outcome::p99_us),
                            latency(series, &Outcome::p999_us),
                            latency(series, &Outcome::publish_p99_us),
                            cell(spread_of(series, &Outcome::peak_memory), 1.0 / (1 << 20)),
                            rounded(percent_of_expected(series, &Outcome::lost)),
                            rounded(percent_of_expected(series, &Outcome::silently_lost))});
    }
  }
  return table;
}

sim::Table idle_costs(const std::vector<Comparison>& comparisons) {
  sim::Table table{"Idle programs, medians",
                   {"workload", "system", "server bytes per subscription", "subscriptions/s",
                    "server bytes per client"},
                   {},
                   "How much the server's resident memory grew."};
  const auto unless_zero = [](const std::optional<Spread>& spread) {
    return spread && spread->median != 0 ? cell(spread) : Cell{};
  };
  for (const Comparison& comparison : comparisons) {
    if (!comparison.workload.idle()) continue;
    for (const Comparison::Series& series : comparison.series) {
      table.rows.push_back({comparison.workload.label(), series.system,
                            unless_zero(spread_of(series, &Outcome::bytes_per_subscription)),
                            unless_zero(spread_of(series, &Outcome::subscriptions_per_second)),
                            unless_zero(spread_of(series, &Outcome::bytes_per_client))});
    }
  }
  return table;
}

std::string spread_text(const Spread& spread) {
  return ratio_text(spread.median) + " (" + ratio_text(spread.least) + "–" +
         ratio_text(spread.most) + ")";
}

/// Nothing to compare with: no columns.
sim::Table ratios(const std::vector<Comparison>& comparisons) {
  sim::Table table{"Ratios to the others",
                   {"workload", "figure", "best of them"},
                   {},
                   "The first system's figure divided by the other's, round by round: median, in "
                   "brackets least and most. Above 1 is better for whatever is counted per second, "
                   "below 1 for everything else."};
  for (std::size_t peer = 1; peer < comparisons.front().series.size(); ++peer) {
    table.columns.push_back("to " + comparisons.front().series[peer].system);
  }
  for (const Comparison& comparison : comparisons) {
    for (const Figure& figure : compared_figures()) {
      const auto best = best_peer(comparison, figure);
      if (!figure.meant_for(comparison.workload) || !best) continue;
      std::vector<Cell> row{comparison.workload.label(), figure.name,
                            comparison.series[*best].system};
      bool any = false;
      for (std::size_t peer = 1; peer < comparison.series.size(); ++peer) {
        const auto ratio = ratio_to(comparison, peer, figure);
        any |= ratio.has_value();
        row.push_back(ratio ? Cell(spread_text(*ratio)) : Cell());
      }
      if (any) table.rows.push_back(std::move(row));
    }
  }
  return table;
}

/// A family's figure against what its workloads differ in; nothing when they do not.
sim::Plot plot(const std::vector<const Comparison*>& family) {
  const bool paced = family.front()->workload.paced();
  sim::Plot plot{family.front()->workload.name + " " + family.front()->workload.what,
                 paced ? "messages a second" : "payload, bytes",
                 paced ? "p99, µs" : "deliveries a second",
                 {},
                 sim::Plot::Scale::kLogarithmic,
                 sim::Plot::Scale::kLogarithmic};
  for (std::size_t i = 0; i < family.front()->series.size(); ++i) {
    sim::Plot::Line line{family.front()->series[i].system, {}};
    for (const Comparison* comparison : family) {
      const Workload& workload = comparison->workload;
      const auto spread = spread_of(comparison->series[i],
                                    paced ? &Outcome::p99_us : &Outcome::deliveries_per_second);
      const auto x = static_cast<double>(paced ? workload.rate : workload.payload);
      if (spread) line.points.emplace_back(x, spread->median);
    }
    plot.lines.push_back(std::move(line));
  }
  return plot;
}

std::vector<sim::Plot> plots(const std::vector<Comparison>& comparisons) {
  std::map<std::string, std::vector<const Comparison*>> families;
  for (const Comparison& comparison : comparisons) {
    families[comparison.workload.name + comparison.workload.what].push_back(&comparison);
  }
  std::vector<sim::Plot> all;
  for (const auto& [name, family] : families) {
    if (family.size() > 1) all.push_back(plot(family));
  }
  return all;
}

void tell_what_went_wrong(const std::vector<Comparison>& comparisons, sim::Report& report) {
  for (const Comparison& comparison : comparisons) {
    for (const Comparison::Series& series : comparison.series) {
      const std::string who = comparison.workload.label() + ", " + series.system + ": ";
      for (const Outcome& outcome : series.outcomes) {
        if (!outcome.failure.empty())
          report.notes.push_back("A run failed: " + who + outcome.failure);
        if (outcome.disordered > 0) {
          report.violations.push_back(who + std::to_string(outcome.disordered) +
                                      " messages came twice or out of order");
        }
        if (outcome.damaged > 0) {
          report.violations.push_back(who + std::to_string(outcome.damaged) +
                                      " messages were not as they were published");
        }
      }
    }
  }
}

}  // namespace

sim::Report comparison_report(const Occasion& occasion,
                              const std::vector<Comparison>& comparisons) {
  sim::Report report;
  report.title = "Side by side on one machine";
  report.command = occasion.command;
  report.parameters = occasion.systems;
  report.parameters.emplace_back("rounds", std::to_string(occasion.effort.rounds));
  report.parameters.emplace_back("publishing",
                                 std::to_string(occasion.effort.duration.count()) + " ms a run");
  report.parameters.emplace_back("processors", std::to_string(std::thread::hardware_concurrency()));
  for (sim::Table table : {results(comparisons), idle_costs(comparisons), ratios(comparisons)}) {
    if (!table.rows.empty()) report.tables.push_back(std::move(table));
  }
  report.plots = plots(comparisons);
  tell_what_went_wrong(comparisons, report);
  report.notes.push_back(
      "The systems ran in turn (A B C, A B C, …) on one machine that may have had other work: only "
      "ratios within one run of this command mean anything.");
  return report;
}

}  // namespace phyllo::bench
