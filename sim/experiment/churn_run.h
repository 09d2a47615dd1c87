#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/experiment/churn_setup.h"
#include "sim/experiment/lookup_summary.h"
#include "sim/experiment/seed_runner.h"

namespace phyllo::sim {

/// What comes and goes in one run, and what the links lose.
struct ChurnCase {
  Duration session{};  ///< the mean; zero where a trace says who comes and goes
  double loss = 0;
};

/// What was seen while the experiment measured.
struct ChurnFindings {
  LookupSummary lookups;
  std::size_t lost_with_sender =
      0;               ///< of the missing: their sender died before it was rid of them
  double control = 0;  ///< messages per node and second, retransmissions included
  double bytes = 0;    ///< per node and second, lookups included
  Traffic traffic;
  double node_seconds = 0;
  double nodes = 0;                                          ///< on average
  double active = 0;                                         ///< share of them, on average
  std::vector<std::pair<double, double>> control_over_time;  ///< minutes, per node and second
};

ChurnFindings run_churn_case(const ChurnSetup& setup, const ChurnCase& which, std::uint64_t seed,
                             SeedProgress& progress);

}  // namespace phyllo::sim
