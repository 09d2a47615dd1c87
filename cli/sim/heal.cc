#include "sim/experiment/heal.h"

#include "cli/sim/experiment.h"
#include "cli/sim/simulation.h"
#include "cli/sim/value_options.h"
#include "sim/experiment/bounds.h"

namespace phyllo::cli {

Verb add_sim_heal(CLI::App& sim, const std::shared_ptr<RunOptions>& options) {
  auto setup = std::make_shared<sim::HealSetup>();
  CLI::App* const verb =
      sim.add_subcommand("heal", "The network parts into two, and is one again later");
  add_count_option(*verb, "--nodes", setup->nodes, 2, sim::kMaxNodes, "Nodes of the ring");
  add_numbers_option(*verb, "--share", setup->shares, "Part of the nodes on the smaller side");
  add_times_option(*verb, "--cut", setup->durations, "How long the cut lasts");
  add_time_option(*verb, "--limit", setup->limit, "Time to be one ring again");
  add_count_option(*verb, "--leaf-set", setup->node.leaf_set_size, 2, 128,
                   "Size of the leaf sets, even");
  add_network_option(*verb, setup->latency);
  add_profile_option(*verb, "wan", [&timers = setup->node.timers](const std::string& name) {
    set_profile(timers, name);
  });
  add_run_options(*verb, *options);
  verb->footer(
      "Examples:\n"
      "  phyllo sim heal --nodes 50 --share 0.5 --cut 10s --seeds 2\n"
      "  phyllo sim heal --html heal.html");
  return {verb, [verb, setup, options] {
            return run_experiment(*verb, *options, *setup, sim::run_heal);
          }};
}

}  // namespace phyllo::cli
