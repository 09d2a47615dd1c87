#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "sim/experiment/runs.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"
#include "sim/swarm/swarm_run.h"

namespace phyllo::sim {

struct HuntSetup {
  Runs runs = {.seeds = {}, .threads = 1};
  SwarmCase::Bounds bounds;
  /// Beside the invariants that hold for every run.
  std::vector<Invariant> invariants;
  /// Told on the thread that runs it before each case.
  std::function<void(std::uint64_t seed)> begins;
};

Outcome check(const HuntSetup& setup);

/// Runs one case for each seed until an invariant breaks, and reduces that case to the steps
/// without which it holds. The report says which seed it was, what broke, and those steps; how many
/// seeds were run, and what happened in them.
Report run_hunt(const HuntSetup& setup, Progress& progress);

/// What came of a single case, as lines of text.
std::string to_text(const SwarmOutcome& outcome);

}  // namespace phyllo::sim
