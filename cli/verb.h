#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/exit_status.h"

namespace phyllo::cli {

/// One word after `phyllo`, with its options, and what it does once they were read.
struct Verb {
  CLI::App* command = nullptr;  ///< owned by the application it was added to
  std::function<ExitStatus()> run;
};

/// Each adds its verb to `phyllo`; one file each, of the same name.
Verb add_pub(CLI::App& phyllo);
Verb add_sub(CLI::App& phyllo);
Verb add_tree(CLI::App& phyllo);
Verb add_peers(CLI::App& phyllo);
Verb add_ping(CLI::App& phyllo);
Verb add_demo(CLI::App& phyllo);
Verb add_plan(CLI::App& phyllo);
Verb add_regions(CLI::App& phyllo);
Verb add_sim(CLI::App& phyllo);
Verb add_completion(CLI::App& phyllo);

}  // namespace phyllo::cli
