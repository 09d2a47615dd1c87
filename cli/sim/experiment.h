#pragma once

#include <memory>

#include "cli/sim/run_options.h"
#include "cli/verb.h"

namespace phyllo::cli {

/// Each adds one experiment to `phyllo sim`; one file each, of the same name. They share `options`
/// with the verb above them, so that it does not matter on which side of the name those stand.
Verb add_sim_pastry(CLI::App& sim, const std::shared_ptr<RunOptions>& options);
Verb add_sim_churn(CLI::App& sim, const std::shared_ptr<RunOptions>& options);
Verb add_sim_mass_failure(CLI::App& sim, const std::shared_ptr<RunOptions>& options);
Verb add_sim_scribe(CLI::App& sim, const std::shared_ptr<RunOptions>& options);
Verb add_sim_heal(CLI::App& sim, const std::shared_ptr<RunOptions>& options);
Verb add_sim_idle(CLI::App& sim, const std::shared_ptr<RunOptions>& options);
Verb add_sim_regions(CLI::App& sim, const std::shared_ptr<RunOptions>& options);
Verb add_sim_swarm(CLI::App& sim, const std::shared_ptr<RunOptions>& options);

}  // namespace phyllo::cli
