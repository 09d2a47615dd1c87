#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/experiment/runs.h"

namespace phyllo::cli {

/// How often a simulation is run and where its report goes: the options of every `phyllo sim`.
struct RunOptions {
  std::optional<std::uint64_t> seed;   ///< the first
  std::optional<std::uint64_t> seeds;  ///< how many
  unsigned jobs = 1;                   ///< seeds at a time
  bool json = false;
  bool csv = false;
  bool markdown = false;
  std::string html;   ///< a file; empty: none
  std::string plots;  ///< what the plots' files begin with; empty: none
  bool quiet = false;

  RunOptions();
  /// One run where only its seed is given; where nothing is, `usual` ones from seed `first` on.
  sim::Runs runs(std::uint64_t usual, std::uint64_t first = 1) const;
};

void add_run_options(CLI::App& command, RunOptions& options);

/// The command that repeats what `command` was told to do, as it would be typed; without what only
/// concerns how it is shown.
std::string repeat_command(const CLI::App& command);

/// "phyllo" left out: "sim pastry".
std::string path_of(const CLI::App& command);

}  // namespace phyllo::cli
