#include "bench/compare/report/comparison_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <thread>

#include "bench/compare/report/figure.h"
#include "bench/compare/report/plots.h"

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

/// That ran to their end.
std::int64_t rounds_of(const Comparison::Series& series) {
  return std::ranges::count_if(series.outcomes,
                               [](const Outcome& outcome) { return outcome.failure.empty(); });
}

sim::Table results(const std::vector<Comparison>& comparisons) {
  sim::Table table{
      "Results, medians",
      {"workload", "system", "rounds", "deliveries/s", "CPU ns per delivery", "p50 µs", "p99 µs",
       "p99.9 µs", "publish p99 µs", "peak MiB", "lost %", "silently lost %"},
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
      table.rows.push_back({comparison.workload.label(), series.system, rounds_of(series),
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
                   {"workload", "system", "rounds", "server bytes per subscription",
                    "subscriptions/s", "unsubscriptions/s", "server bytes per client"},
                   {},
                   "How much the server's resident memory grew."};
  const auto unless_zero = [](const std::optional<Spread>& spread) {
    return spread && spread->median != 0 ? cell(spread) : Cell{};
  };
  for (const Comparison& comparison : comparisons) {
    if (!comparison.workload.idle()) continue;
    for (const Comparison::Series& series : comparison.series) {
      table.rows.push_back({comparison.workload.label(), series.system, rounds_of(series),
                            unless_zero(spread_of(series, &Outcome::bytes_per_subscription)),
                            unless_zero(spread_of(series, &Outcome::subscriptions_per_second)),
                            unless_zero(spread_of(series, &Outcome::unsubscriptions_per_second)),
                            unless_zero(spread_of(series, &Outcome::bytes_per_client))});
    }
  }
  return table;
}

std::string spread_text(const Spread& spread) {
  return ratio_text(spread.median) + " (" + ratio_text(spread.least) + "–" +
         ratio_text(spread.most) + ")";
}

/// Those that the first was compared with, in any comparison.
std::vector<std::string> peers_of(const std::vector<Comparison>& comparisons) {
  std::vector<std::string> names;
  for (const Comparison& comparison : comparisons) {
    for (std::size_t peer = 1; peer < comparison.series.size(); ++peer) {
      const std::string& name = comparison.series[peer].system;
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

Cell ratio_cell(const Comparison& comparison, const std::string& peer, const Figure& figure) {
  for (std::size_t i = 1; i < comparison.series.size(); ++i) {
    if (comparison.series[i].system != peer) continue;
    const auto ratio = ratio_to(comparison, i, figure);
    return ratio ? Cell(spread_text(*ratio)) : Cell();
  }
  return {};
}

/// Nothing to compare with: no columns.
sim::Table ratios(const std::vector<Comparison>& comparisons) {
  sim::Table table{"Ratios to the others",
                   {"workload", "figure", "best of them"},
                   {},
                   "The first system's figure divided by the other's, round by round: median, in "
                   "brackets least and most. Above 1 is better for whatever is counted per second, "
                   "below 1 for everything else."};
  const std::vector<std::string> peers = peers_of(comparisons);
  for (const std::string& peer : peers) table.columns.push_back("to " + peer);
  for (const Comparison& comparison : comparisons) {
    for (const Figure& figure : compared_figures()) {
      const auto best = best_peer(comparison, figure);
      if (!figure.meant_for(comparison.workload) || !best) continue;
      std::vector<Cell> row{comparison.workload.label(), figure.name,
                            comparison.series[*best].system};
      for (const std::string& peer : peers) row.push_back(ratio_cell(comparison, peer, figure));
      const bool any = std::any_of(row.begin() + 3, row.end(), [](const Cell& cell) {
        return !std::holds_alternative<std::monostate>(cell);
      });
      if (any) table.rows.push_back(std::move(row));
    }
  }
  return table;
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

/// Comparisons that were made at different times may stand in one report.
void tell_when(const std::vector<Comparison>& comparisons, sim::Report& report) {
  std::map<std::string, std::string> labels;
  for (const Comparison& comparison : comparisons) {
    const std::string when = comparison.measured + (comparison.measured.empty() ? "" : ", ") +
                             std::to_string(comparison.effort.duration.count()) + " ms a run";
    std::string& text = labels[when];
    text += (text.empty() ? "" : "; ") + comparison.workload.label();
  }
  for (const auto& [when, text] : labels) report.notes.push_back(when + ": " + text);
}

}  // namespace

sim::Report comparison_report(const Occasion& occasion,
                              const std::vector<Comparison>& comparisons) {
  sim::Report report;
  report.title = "Side by side on one machine";
  report.command = occasion.command;
  report.parameters = occasion.systems;
  report.parameters.emplace_back("processors", std::to_string(std::thread::hardware_concurrency()));
  for (sim::Table table : {results(comparisons), idle_costs(comparisons), ratios(comparisons)}) {
    if (!table.rows.empty()) report.tables.push_back(std::move(table));
  }
  report.plots = plots(comparisons);
  tell_what_went_wrong(comparisons, report);
  tell_when(comparisons, report);
  report.notes.push_back(
      "The systems ran in turn (A B C, A B C, …) on one machine that may have had other work: only "
      "ratios within one run of this command mean anything.");
  return report;
}

}  // namespace phyllo::bench
