#include "sim/experiment/regions.h"

#include "cli/sim/experiment.h"
#include "cli/sim/simulation.h"
#include "cli/sim/value_options.h"
#include "sim/scenario/cloud_regions.h"

namespace phyllo::cli {

Verb add_sim_regions(CLI::App& sim, const std::shared_ptr<RunOptions>& options) {
  using Way = sim::RegionsSetup::Way;
  auto setup = std::make_shared<sim::RegionsSetup>();
  CLI::App* const verb =
      sim.add_subcommand("regions", "Topics in many regions: what crosses borders, and its price");
  add_parts_option(*verb, setup->ways,
                   {{"regions", Way::kRegions},
                    {"relays", Way::kRelays},
                    {"scribe", Way::kScribe},
                    {"factor", Way::kFactor},
                    {"mesh", Way::kMesh},
                    {"gossip", Way::kGossip}});
  add_count_option(*verb, "--regions", setup->regions, 2, sim::cloud::names().size(),
                   "Regions of the public cloud");
  add_count_option(*verb, "--brokers", setup->brokers, 1, 500, "Brokers in each region");
  add_count_option(*verb, "--topics", setup->topics, 1, 100'000, "Topics");
  add_number_option(*verb, "--skew", setup->skew, "Of the topics' sizes: brokers x rank^-skew");
  add_number_option(*verb, "--local", setup->local, "Part of the topics used in one region only");
  add_count_option(*verb, "--degree", setup->degree, 2, 64, "Neighbors of a gossiping broker");
  add_time_option(*verb, "--rest", setup->rest, "Time from the first message to the measured one");
  add_run_options(*verb, *options);
  verb->footer(
      "Examples:\n"
      "  phyllo sim regions --regions 3 --brokers 4 --topics 50 --seeds 2\n"
      "  phyllo sim regions --part regions,mesh --html regions.html");
  return {verb, [verb, setup, options] {
            return run_experiment(*verb, *options, *setup, sim::run_regions);
          }};
}

}  // namespace phyllo::cli
