#pragma once

#include <cstdint>
#include <vector>

#include "sim/experiment/lookup_summary.h"
#include "sim/experiment/pastry_setup.h"
#include "sim/experiment/seed_runner.h"
#include "sim/experiment/table_quality.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// A ring that grew to `nodes`, one node after the other.
struct GrownRing {
  std::size_t nodes = 0;
  LookupSummary lookups;
  std::vector<RowQuality> rows;
  Traffic joins;                 ///< of the latest ones
  std::size_t judged_joins = 1;  ///< how many these were
  bool hung = false;             ///< a join did not come to its end; the rest means nothing
};

/// One seed's run: the ring at each size.
std::vector<GrownRing> run_growth(const PastrySetup& setup, std::uint64_t seed,
                                  SeedProgress& progress);

/// Adds what was found, one ring for each size and seed, beside what was published.
void report_growth(const std::vector<std::vector<GrownRing>>& found, Report& report);

}  // namespace phyllo::sim
