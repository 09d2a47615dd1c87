#include "sim/experiment/mass_failure.h"

#include "cli/sim/experiment.h"
#include "cli/sim/simulation.h"
#include "cli/sim/value_options.h"
#include "sim/experiment/bounds.h"

namespace phyllo::cli {

Verb add_sim_mass_failure(CLI::App& sim, const std::shared_ptr<RunOptions>& options) {
  auto setup = std::make_shared<sim::MassFailureSetup>();
  CLI::App* const verb =
      sim.add_subcommand("mass-failure", "A large part of all nodes dies at once");
  add_count_option(*verb, "--nodes", setup->nodes, 2, sim::kMaxNodes, "Nodes of the ring");
  add_numbers_option(*verb, "--share", setup->shares, "Part of the nodes that dies");
  add_number_option(*verb, "--lookups", setup->lookups, "Lookups a second, of all nodes together");
  add_count_option(*verb, "--subscribers", setup->subscribers, 0, sim::kMaxNodes,
                   "Nodes that subscribe to one topic before");
  add_time_option(*verb, "--limit", setup->limit, "Time to be one ring again");
  add_count_option(*verb, "--leaf-set", setup->node.leaf_set_size, 2, 128,
                   "Size of the leaf sets, even");
  add_network_option(*verb, setup->latency);
  add_profile_option(*verb, "paper", [setup = setup.get()](const std::string& name) {
    set_profile(setup->node.timers, name);
    set_profile(setup->forest, name);
  });
  add_run_options(*verb, *options);
  verb->footer(
      "Examples:\n"
      "  phyllo sim mass-failure --nodes 300 --share 0.5 --subscribers 50 --seeds 2\n"
      "  phyllo sim mass-failure --profile wan --html mass-failure.html");
  return {verb, [verb, setup, options] {
            return run_experiment(*verb, *options, *setup, sim::run_mass_failure);
          }};
}

}  // namespace phyllo::cli
