#include "sim/experiment/heal.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "sim/experiment/comparison.h"
#include "sim/experiment/lookup_summary.h"
#include "sim/experiment/population.h"
#include "sim/experiment/ring_shape.h"
#include "sim/experiment/seed_runner.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kJoinLimit = 10min;
constexpr Duration kRest = 1min;
constexpr Duration kLook = 500ms;
constexpr std::size_t kLookups = 500;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

struct Parting {
  double share;
  Duration length;
};

struct Healed {
  std::optional<double> one_ring_seconds;
  std::optional<double> exact_seconds;
  double messages = 0;  ///< per node, from the mending until all leaf sets were exact
  LookupSummary after;  ///< once it is one ring
};

Healed run_cut(const HealSetup& setup, const Parting& cut, std::uint64_t seed,
               SeedProgress& progress) {
  Population population({.seed = seed, .node = setup.node, .latency = setup.latency, .jitter = .1});
  progress.may_abandon(population.queue());
  const auto all = static_cast<double>(setup.nodes);
  population.grow(setup.nodes, kJoinLimit, [&](std::size_t i) {
    const double done = static_cast<double>(i) / all;
    if (i % 64 == 0) progress.update("joining", .4 * done, population.queue());
  });
  population.run_for(kRest);
  const auto apart = std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(cut.share * all)),
                                             1, setup.nodes - 1);
  // The machines were filled in the order of joining; ids and places are random.
  for (StationId id = 0; id < apart; ++id) population.network().put_on_side(id, 1);
  population.run_for(cut.length);
  progress.update("mending", .8, population.queue());
  population.network().mend_all();

  Healed healed;
  const Time mended = population.now();
  const std::uint64_t before = population.traffic().control();
  while (population.now() - mended < setup.limit && !healed.exact_seconds) {
    population.run_for(kLook);
    const double since = seconds(population.now() - mended);
    if (!healed.one_ring_seconds && one_ring(population)) healed.one_ring_seconds = since;
    if (healed.one_ring_seconds && leaf_sets_exact(population)) healed.exact_seconds = since;
    progress.update("healing", .8 + .2 * since / seconds(setup.limit), population.queue());
  }
  healed.messages = static_cast<double>(population.traffic().control() - before) / all;
  if (healed.one_ring_seconds) healed.after = look_up_many(population, kLookups);
  return healed;
}

std::vector<Parting> cuts_of(const HealSetup& setup) {
  std::vector<Parting> cuts;
  for (const double share : setup.shares) {
    for (const Duration length : setup.durations) cuts.push_back({share, length});
  }
  return cuts;
}

using Of = std::function<std::optional<double>(const Healed&)>;

std::vector<Cell> row_of(const HealSetup& setup, const Parting& cut,
                         const std::vector<Healed>& runs) {
  const auto cell = [&](const Of& of) -> Cell {
    std::vector<double> values;
    for (const Healed& run : runs) {
      if (!of(run)) return std::string("not within the limit");
      values.push_back(*of(run));
    }
    return median(std::move(values));
  };
  std::vector<Cell> row;
  row.emplace_back(std::int64_t(std::lround(cut.share * static_cast<double>(setup.nodes))));
  row.emplace_back(seconds(cut.length));
  row.push_back(cell([](const Healed& run) { return run.one_ring_seconds; }));
  row.push_back(cell([](const Healed& run) { return run.exact_seconds; }));
  row.push_back(cell([](const Healed& run) { return run.messages; }));
  return row;
}

void note_violations(const Parting& cut, const std::vector<Healed>& runs, Report& report) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string where = std::to_string(std::lround(100 * cut.share)) + " % cut off for " +
                              std::to_string(std::lround(seconds(cut.length))) + " s, seed " +
                              std::to_string(report.seeds[i]) + ": ";
    const Healed& run = runs[i];
    if (!run.one_ring_seconds) {
      report.violations.push_back(where + "not one ring again");
    } else if (run.after.missing + run.after.wrong > 0) {
      report.violations.push_back(where + "lookups lost or at a wrong node afterwards");
    }
  }
}

}  // namespace

Report run_heal(const HealSetup& setup, Progress& progress) {
  PHYLLO_CHECK(check(setup).ok());
  const std::vector<Parting> cuts = cuts_of(setup);
  const auto runs = run_seeds<std::vector<Healed>>(
      setup.runs, progress, [&](std::uint64_t seed, SeedProgress& mine) {
        std::vector<Healed> healed;
        const auto count = static_cast<double>(cuts.size());
        for (const Parting& cut : cuts) {
          const auto done = static_cast<double>(healed.size());
          mine.next_world(done / count, (done + 1) / count);
          healed.push_back(run_cut(setup, cut, seed, mine));
        }
        return healed;
      });
  Report report;
  report.title = "Heal: a cut network becomes one ring again";
  report.seeds = seeds_run(setup.runs, runs);
  report.parameters = {{"nodes", std::to_string(setup.nodes)}};
  if (runs.empty()) return report;
  Table table;
  table.title = "Time to be one ring again";
  table.columns = {"nodes cut off", "seconds cut off", "seconds to one ring",
                   "seconds to exact leaf sets", "messages per node"};
  Plot plot;
  plot.title = "Time to be one ring again";
  plot.x = "seconds cut off";
  plot.y = "seconds to one ring";
  plot.x_scale = Plot::Scale::kLogarithmic;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    std::vector<Healed> of_cut;
    for (const auto& run : runs) of_cut.push_back(run[i]);
    table.rows.push_back(row_of(setup, cuts[i], of_cut));
    note_violations(cuts[i], of_cut, report);
    const Cell& time = table.rows.back()[2];
    if (i == 0 || cuts[i].share != cuts[i - 1].share) {
      plot.lines.push_back({std::to_string(std::lround(100 * cuts[i].share)) + " % cut off", {}});
    }
    if (const double* value = std::get_if<double>(&time)) {
      plot.lines.back().points.emplace_back(seconds(cuts[i].length), *value);
    }
  }
  report.tables.push_back(std::move(table));
  report.plots.push_back(std::move(plot));
  return report;
}

}  // namespace phyllo::sim
