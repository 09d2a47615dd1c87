#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "base/result.h"
#include "cli/exit_status.h"
#include "cli/sim/run_options.h"
#include "sim/report/progress.h"
#include "sim/report/report.h"

namespace phyllo::cli {

using Simulate = std::function<sim::Report(sim::Progress&)>;

/// Runs `simulate` on a thread of its own while showing how far it is, and prints what it reports.
/// The first Ctrl-C asks it to stop and to report what it has; the second ends the program. Fails
/// when an invariant did not hold, or the report could not be written.
ExitStatus run_simulation(const CLI::App& command, const RunOptions& options,
                          const Simulate& simulate);

/// Complains that the command line asks for what cannot be.
ExitStatus refuse(const CLI::App& command, const std::string& why);

/// One of the published experiments, with a setup that the command line has filled.
template <class Setup>
ExitStatus run_experiment(const CLI::App& command, const RunOptions& options, Setup setup,
                          sim::Report (*run)(const Setup&, sim::Progress&)) {
  constexpr std::uint64_t kUsualSeeds = 10;
  setup.runs = options.runs(kUsualSeeds);
  if (const Outcome possible = check(setup); !possible) {
    return refuse(command, possible.error().message);
  }
  return run_simulation(command, options,
                        [&](sim::Progress& progress) { return run(setup, progress); });
}

}  // namespace phyllo::cli
