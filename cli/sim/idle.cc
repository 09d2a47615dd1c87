#include "sim/experiment/idle.h"

#include "cli/sim/experiment.h"
#include "cli/sim/simulation.h"
#include "cli/sim/value_options.h"
#include "sim/scenario/cloud_regions.h"

namespace phyllo::cli {

Verb add_sim_idle(CLI::App& sim, const std::shared_ptr<RunOptions>& options) {
  auto setup = std::make_shared<sim::IdleSetup>();
  CLI::App* const verb = sim.add_subcommand("idle", "Nobody publishes: what crosses the borders?");
  add_counts_option(*verb, "--regions", setup->regions, 2, sim::cloud::names().size(),
                    "Regions with rings of their own");
  add_count_option(*verb, "--brokers", setup->brokers, 1, 500, "Brokers in each region");
  add_time_option(*verb, "--rest", setup->rest, "Time from the last join to the measurement");
  add_time_option(*verb, "--length", setup->measured, "Length of the measurement");
  add_profile_option(*verb, "wan", [&timers = setup->global_ring](const std::string& name) {
    set_profile(timers, name);
  });
  add_run_options(*verb, *options);
  verb->footer(
      "The profile is that of the ring of all brokers. Ends with status 1 when a broker\n"
      "sends 1 kB/s or more over borders.\n\n"
      "Examples:\n"
      "  phyllo sim idle --regions 3 --brokers 4 --seeds 2\n"
      "  phyllo sim idle --profile lan --regions 3");
  return {verb, [verb, setup, options] {
            return run_experiment(*verb, *options, *setup, sim::run_idle);
          }};
}

}  // namespace phyllo::cli
