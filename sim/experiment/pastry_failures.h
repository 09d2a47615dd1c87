#pragma once

#include <cstdint>
#include <vector>

#include "sim/experiment/lookup_summary.h"
#include "sim/experiment/pastry_setup.h"
#include "sim/experiment/seed_runner.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// What the silent death of a part of the nodes did to lookups, and what it cost to repair.
struct FailureFindings {
  LookupSummary before;
  LookupSummary before_repair;  ///< sent in the moment after the deaths
  LookupSummary after;
  /// Control messages beyond those of the same time without failures, per dead node.
  double repair_messages = 0;
  std::array<double, kErrands> by_errand{};  ///< the same messages; acknowledgements are left out
  double dead = 0;
  Duration repair_time{};  ///< until no table and no leaf set held a dead node
  bool repaired = false;
};

FailureFindings run_failures(const PastrySetup& setup, std::uint64_t seed, SeedProgress& progress);

void report_failures(const PastrySetup& setup, const std::vector<FailureFindings>& found,
                     Report& report);

}  // namespace phyllo::sim
