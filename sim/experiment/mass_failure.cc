#include "sim/experiment/mass_failure.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "sim/experiment/comparison.h"
#include "sim/experiment/mass_failure_run.h"
#include "sim/experiment/survivors.h"
#include "sim/report/number_text.h"

namespace phyllo::sim {
namespace {

constexpr const char* kNotWithin = "not within the limit";

/// What one seed found at one share.
struct Found {
  MassFailureFindings overlay;
  SurvivorFindings topic;
};

/// What all seeds found at one share.
struct Case {
  double share;
  std::vector<Found> runs;

  std::vector<double> each(const std::function<double(const Found&)>& of) const {
    return each_of<Found>(runs, of);
  }
  double mid(const std::function<double(const Found&)>& of) const {
    return median_of<Found>(runs, of);
  }
  /// Empty when some run did not come so far.
  Cell mid_time(const std::function<std::optional<double>(const Found&)>& of) const {
    for (const Found& run : runs) {
      if (!of(run)) return std::string(kNotWithin);
    }
    return mid([&](const Found& run) { return *of(run); });
  }
};

std::string percent(double share) { return std::to_string(std::lround(100 * share)) + " %"; }

Table recovery(const std::vector<Case>& cases) {
  Table table;
  table.title = "Recovery of lookups";
  table.columns = {"die",
                   "worst loss",
                   "seconds to 1 % loss",
                   "seconds to one ring",
                   "seconds to exact leaf sets",
                   "lookups",
                   "never arrived",
                   "at a wrong node"};
  for (const Case& one : cases) {
    table.rows.push_back(
        {percent(one.share), one.mid([](const Found& f) { return f.overlay.worst; }),
         one.mid_time([](const Found& f) { return f.overlay.recovered_seconds; }),
         one.mid_time([](const Found& f) { return f.overlay.one_ring_seconds; }),
         one.mid_time([](const Found& f) { return f.overlay.exact_seconds; }),
         one.mid([](const Found& f) { return static_cast<double>(f.overlay.sent); }),
         one.mid([](const Found& f) { return static_cast<double>(f.overlay.never); }),
         one.mid([](const Found& f) { return static_cast<double>(f.overlay.wrong); })});
  }
  table.note = "Lost: not at its root within 3 seconds.";
  return table;
}

Table published_half(const Case& half) {
  Comparison table("Half of the nodes die", {"what"});
  const auto& theirs = published::kMassFailure;
  table.add({"worst loss"}, theirs.worst_loss,
            half.each([](const Found& f) { return f.overlay.worst; }));
  const auto seconds = [](const Found& f) { return f.overlay.recovered_seconds; };
  if (std::ranges::all_of(half.runs, [&](const Found& f) { return seconds(f).has_value(); })) {
    table.add({"seconds to 1 % loss"}, theirs.seconds,
              half.each([&](const Found& f) { return *seconds(f); }), at_most(theirs.seconds));
  } else {
    table.add_missing({"seconds to 1 % loss"}, theirs.seconds, kNotWithin, at_most(theirs.seconds));
  }
  return table.done();
}

Table survivors(const std::vector<Case>& cases) {
  Comparison table("Survivors that get the next publication", {"die", "seconds to it"});
  for (const Case& one : cases) {
    std::optional<published::Figure> theirs;
    for (const auto& figure : published::kHyparviewReached) {
      if (figure.killed == one.share) theirs = figure.reached;
    }
    table.add({percent(one.share), one.mid_time([](const Found& f) { return f.topic.seconds; })},
              theirs, one.each([](const Found& f) { return f.topic.reached; }), at_least(1));
  }
  return table.done(
      "Ours: all nodes subscribe to one topic, a part dies, and a survivor publishes every second; "
      "seconds to the first publication from which on every one reached all. Published: HyParView, "
      "a gossip protocol.");
}

Plot loss_plot(const std::vector<Case>& cases) {
  Plot plot;
  plot.title = "Lookups not at their root within 3 seconds";
  plot.x = "seconds since the failure";
  plot.y = "share of the lookups sent";
  for (const Case& one : cases) {
    plot.lines.push_back({percent(one.share) + " die", one.runs.front().overlay.loss});
  }
  return plot;
}

void note_violations(const std::vector<Case>& cases, Report& report) {
  for (const Case& one : cases) {
    for (std::size_t i = 0; i < one.runs.size(); ++i) {
      const std::string where =
          percent(one.share) + " die, seed " + std::to_string(report.seeds[i]) + ": ";
      const Found& run = one.runs[i];
      if (!run.overlay.one_ring_seconds) report.violations.push_back(where + "not one ring again");
      if (run.topic.reached < 1) report.violations.push_back(where + "a survivor got nothing");
    }
  }
}

}  // namespace

Report run_mass_failure(const MassFailureSetup& setup, Progress& progress) {
  PHYLLO_CHECK(check(setup).ok());
  const auto runs = run_seeds<std::vector<Found>>(
      setup.runs, progress, [&](std::uint64_t seed, SeedProgress& mine) {
        std::vector<Found> found;
        const double parts = 2 * static_cast<double>(setup.shares.size());
        for (const double share : setup.shares) {
          const double done = 2 * static_cast<double>(found.size());
          Found one;
          mine.next_world(done / parts, (done + 1) / parts);
          one.overlay = run_mass_failure_case(setup, share, seed, mine);
          mine.next_world((done + 1) / parts, (done + 2) / parts);
          one.topic = run_survivors(setup, share, seed, mine);
          found.push_back(std::move(one));
        }
        return found;
      });
  Report report;
  report.title = "Mass failure: a part of all nodes dies at once";
  report.seeds = seeds_run(setup.runs, runs);
  report.parameters = {{"nodes", std::to_string(setup.nodes)},
                       {"nodes with a topic", std::to_string(setup.subscribers)},
                       {"lookups per second", shown_number(setup.lookups)}};
  if (runs.empty()) return report;
  std::vector<Case> cases;
  for (std::size_t i = 0; i < setup.shares.size(); ++i) {
    cases.push_back({setup.shares[i], {}});
    for (const auto& run : runs) cases.back().runs.push_back(run[i]);
  }
  for (const Case& one : cases) {
    if (one.share == .5) report.tables.push_back(published_half(one));
  }
  report.tables.push_back(recovery(cases));
  report.tables.push_back(survivors(cases));
  report.plots.push_back(loss_plot(cases));
  note_violations(cases, report);
  return report;
}

}  // namespace phyllo::sim
