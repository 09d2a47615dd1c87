#include "sim/experiment/churn.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "sim/experiment/churn_run.h"
#include "sim/experiment/comparison.h"
#include "sim/report/number_text.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

/// What all seeds found in one case.
struct Found {
  ChurnCase which;
  std::vector<ChurnFindings> runs;

  std::vector<double> each(const std::function<double(const ChurnFindings&)>& of) const {
    return each_of<ChurnFindings>(runs, of);
  }
  double mid(const std::function<double(const ChurnFindings&)>& of) const {
    return median_of<ChurnFindings>(runs, of);
  }
  std::size_t sum(const std::function<std::size_t(const ChurnFindings&)>& of) const {
    std::size_t total = 0;
    for (const ChurnFindings& run : runs) total += of(run);
    return total;
  }
  std::size_t sent() const {
    return sum([](const auto& run) { return run.lookups.sent; });
  }
  double part(const std::function<std::size_t(const ChurnFindings&)>& of) const {
    return sent() == 0 ? 0 : static_cast<double>(sum(of)) / static_cast<double>(sent());
  }
  double lost() const {
    return part([](const auto& run) { return run.lookups.missing; });
  }
  double incorrect() const {
    return part([](const auto& run) { return run.lookups.wrong; });
  }
  double minutes() const { return std::chrono::duration<double>(which.session).count() / 60; }
};

std::vector<ChurnCase> cases_of(const ChurnSetup& setup) {
  std::vector<ChurnCase> cases;
  const std::vector<Duration> sessions =
      setup.trace ? std::vector<Duration>{Duration::zero()} : setup.sessions;
  for (const Duration session : sessions) {
    for (const double loss : setup.losses) cases.push_back({session, loss});
  }
  return cases;
}

Cell session_cell(const Found& found) {
  if (found.which.session == Duration::zero()) return std::string("from the trace");
  return found.minutes();
}

Table results(const std::vector<Found>& all) {
  Table table;
  table.title = "Lookups under churn";
  table.columns = {"mean session, min",
                   "link loss",
                   "nodes",
                   "active",
                   "lookups",
                   "lost",
                   "of which with their sender",
                   "incorrect",
                   "consistent",
                   "RDP",
                   "of which way",
                   "of which waiting",
                   "hops",
                   "control msg/s/node",
                   "B/s/node"};
  for (const Found& found : all) {
    table.rows.push_back(
        {session_cell(found), found.which.loss,
         found.mid([](const auto& run) { return run.nodes; }),
         found.mid([](const auto& run) { return run.active; }),
         static_cast<std::int64_t>(found.sent()),
         static_cast<std::int64_t>(found.sum([](const auto& r) { return r.lookups.missing; })),
         static_cast<std::int64_t>(found.sum([](const auto& r) { return r.lost_with_sender; })),
         static_cast<std::int64_t>(found.sum([](const auto& r) { return r.lookups.wrong; })),
         1 - found.lost() - found.incorrect(),
         found.mid([](const auto& run) { return run.lookups.delay_penalty; }),
         found.mid([](const auto& run) { return run.lookups.stretch; }),
         found.mid([](const auto& run) { return run.lookups.delay_penalty - run.lookups.stretch; }),
         found.mid([](const auto& run) { return run.lookups.hops; }),
         found.mid([](const auto& run) { return run.control; }),
         found.mid([](const auto& run) { return run.bytes; })});
  }
  table.note =
      "RDP: all delays ÷ all direct latencies. Way: what it would be had every hop been sent at "
      "once; waiting: for dead hops and lost messages. Control: everything but the first "
      "transmission of a lookup's hop.";
  return table;
}

Table breakdown(const std::vector<Found>& all) {
  Table table;
  table.title = "Messages per node and second";
  table.columns = {"mean session, min", "link loss"};
  for (const char* name : kErrandNames) table.columns.emplace_back(name);
  for (const Found& found : all) {
    std::vector<Cell> row{session_cell(found), found.which.loss};
    for (std::size_t errand = 0; errand < kErrands; ++errand) {
      row.emplace_back(found.mid([&](const ChurnFindings& run) {
        return static_cast<double>(run.traffic.of(static_cast<Errand>(errand))) /
               std::max(run.node_seconds, 1.0);
      }));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// The case that MSPastry's authors measured: sessions of 2.3 hours.
void add_published(const Found& found, Report& report) {
  const auto& theirs = published::kChurn;
  const bool lossy = found.which.loss > 0;
  if (std::abs(found.minutes() - 138) > 1 || (lossy && found.which.loss != .05)) return;
  Comparison table(lossy ? "Sessions of 2.3 h, 5 % link loss" : "Sessions of 2.3 h", {"what"});
  const auto add = [&](const char* what, const published::Figure& figure,
                       const std::vector<double>& ours) {
    table.add({what}, figure, ours, at_most(figure));
  };
  add("share of lookups lost", lossy ? published::kChurnLossyLost : theirs.lost, {found.lost()});
  add("share delivered incorrectly", lossy ? published::kChurnLossyIncorrect : theirs.incorrect,
      {found.incorrect()});
  if (!lossy) {
    add("RDP", theirs.delay_penalty,
        found.each([](const auto& run) { return run.lookups.delay_penalty; }));
    add("control messages per node and second", theirs.control,
        found.each([](const auto& run) { return run.control; }));
  }
  report.tables.push_back(table.done(
      "Lost and incorrect are shares of the lookups of all seeds together. Published: GATech "
      "topology, Gnutella sessions."));
}

std::string label(const Found& found) {
  std::string text = found.which.session == Duration::zero()
                         ? "trace"
                         : std::to_string(std::lround(found.minutes())) + " min";
  if (found.which.loss > 0) {
    text += ", " + std::to_string(std::lround(100 * found.which.loss)) + " % loss";
  }
  return text;
}

Plot control_plot(const std::vector<Found>& all) {
  Plot plot;
  plot.title = "Control messages per node and second";
  plot.x = "minutes since measuring began";
  plot.y = "messages per node and second";
  for (const Found& found : all) {
    plot.lines.push_back({label(found), found.runs.front().control_over_time});
  }
  return plot;
}

}  // namespace

Report run_churn(const ChurnSetup& setup, Progress& progress) {
  PHYLLO_CHECK(check(setup).ok());
  const std::vector<ChurnCase> cases = cases_of(setup);
  const auto runs = run_seeds<std::vector<ChurnFindings>>(
      setup.runs, progress, [&](std::uint64_t seed, SeedProgress& mine) {
        std::vector<ChurnFindings> found;
        const auto count = static_cast<double>(cases.size());
        for (const ChurnCase& which : cases) {
          const auto done = static_cast<double>(found.size());
          mine.next_world(done / count, (done + 1) / count);
          found.push_back(run_churn_case(setup, which, seed, mine));
        }
        return found;
      });
  Report report;
  report.title = "Churn: lookups while nodes come and go";
  report.seeds = seeds_run(setup.runs, runs);
  report.parameters = {
      {"nodes", setup.trace ? "from the trace" : std::to_string(setup.nodes)},
      {"measured minutes",
       std::to_string(std::chrono::ceil<std::chrono::minutes>(setup.length).count())},
      {"lookups per node and second", shown_number(setup.lookups)}};
  if (runs.empty()) return report;
  std::vector<Found> all;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    all.push_back({cases[i], {}});
    for (const auto& run : runs) all.back().runs.push_back(run[i]);
  }
  for (const Found& found : all) add_published(found, report);
  report.tables.push_back(results(all));
  report.tables.push_back(breakdown(all));
  report.plots.push_back(control_plot(all));
  return report;
}

}  // namespace phyllo::sim
