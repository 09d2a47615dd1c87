#include "sim/experiment/pastry.h"

#include <string>
#include <vector>

#include "base/check.h"
#include "sim/experiment/pastry_failures.h"
#include "sim/experiment/pastry_growth.h"
#include "sim/experiment/pastry_replicas.h"
#include "sim/experiment/seed_runner.h"

namespace phyllo::sim {
namespace {

using Part = PastrySetup::Part;

/// What one seed found; the parts that were not chosen are empty.
struct Findings {
  std::vector<GrownRing> growth;
  FailureFindings failures;
  ReplicaFindings replicas;
};

Findings run_parts(const PastrySetup& setup, std::uint64_t seed, SeedProgress& progress) {
  Findings found;
  const auto parts = static_cast<double>(setup.parts.size());
  double done = 0;
  for (const Part part : setup.parts) {
    progress.next_world(done / parts, (done + 1) / parts);
    done += 1;
    switch (part) {
      case Part::kGrowth:
        found.growth = run_growth(setup, seed, progress);
        break;
      case Part::kFailures:
        found.failures = run_failures(setup, seed, progress);
        break;
      case Part::kReplicas:
        found.replicas = run_replicas(setup, seed, progress);
        break;
    }
  }
  return found;
}

std::string sizes_text(const std::vector<std::size_t>& sizes) {
  std::string text;
  for (const std::size_t size : sizes) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return text;
}

template <class T>
std::vector<T> column(const std::vector<Findings>& found, T Findings::*part) {
  std::vector<T> values;
  for (const Findings& one : found) values.push_back(one.*part);
  return values;
}

}  // namespace

Report run_pastry(const PastrySetup& setup, Progress& progress) {
  PHYLLO_CHECK(check(setup).ok());
  const auto found = run_seeds<Findings>(
      setup.runs, progress,
      [&](std::uint64_t seed, SeedProgress& mine) { return run_parts(setup, seed, mine); });
  Report report;
  report.title = "Pastry: hops, distance, tables, joins, failures, replicas";
  report.seeds = seeds_run(setup.runs, found);
  report.parameters.emplace_back("leaf set", std::to_string(setup.node.leaf_set_size));
  if (setup.parts.contains(Part::kGrowth)) {
    report.parameters.emplace_back("nodes", sizes_text(setup.growth.sizes));
    report.parameters.emplace_back("lookups", std::to_string(setup.growth.lookups));
  }
  if (found.empty()) return report;
  if (setup.parts.contains(Part::kGrowth)) {
    report_growth(column(found, &Findings::growth), report);
  }
  if (setup.parts.contains(Part::kFailures)) {
    report_failures(setup, column(found, &Findings::failures), report);
  }
  if (setup.parts.contains(Part::kReplicas)) {
    report_replicas(setup, column(found, &Findings::replicas), report);
  }
  return report;
}

}  // namespace phyllo::sim
