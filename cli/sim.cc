#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/complaint.h"
#include "cli/sim/experiment.h"
#include "cli/sim/simulation.h"
#include "cli/suggestion.h"
#include "cli/verb.h"

namespace phyllo::cli {
namespace {

std::vector<Verb> add_experiments(CLI::App& sim, const std::shared_ptr<RunOptions>& options) {
  std::vector<Verb> experiments;
  for (const auto add : {add_sim_pastry, add_sim_swarm}) {
    experiments.push_back(add(sim, options));
    experiments.back().command->group("Experiments");
  }
  return experiments;
}

}  // namespace

Verb add_sim(CLI::App& phyllo) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* const verb =
      phyllo.add_subcommand("sim", "Simulate brokers in virtual time: the published experiments");
  add_run_options(*verb, *options);
  verb->require_subcommand(1);
  verb->footer(
      "The simulator drives the same code as phyllod.\n\n"
      "Examples:\n"
      "  phyllo sim pastry --nodes 1000 --seeds 3");
  return {verb, [experiments = add_experiments(*verb, options)] {
            const auto parsed = [](const Verb& each) { return each.command->parsed(); };
            return std::ranges::find_if(experiments, parsed)->run();
          }};
}

}  // namespace phyllo::cli
