#include "sim/experiment/pastry.h"

#include <algorithm>

#include "cli/sim/experiment.h"
#include "cli/sim/simulation.h"
#include "cli/sim/value_options.h"
#include "sim/experiment/bounds.h"

namespace phyllo::cli {
namespace {

using sim::PastrySetup;
using Part = PastrySetup::Part;

struct Arguments {
  PastrySetup setup;
  std::size_t lookups = PastrySetup::Growth{}.lookups;
};

/// A smaller ring than usual is the ring of all parts.
PastrySetup setup_of(const Arguments& arguments) {
  PastrySetup setup = arguments.setup;
  std::ranges::sort(setup.growth.sizes);
  const std::size_t largest = setup.growth.sizes.back();
  setup.failures.nodes = std::min(setup.failures.nodes, largest);
  setup.replicas.nodes = std::min(setup.replicas.nodes, largest);
  setup.growth.lookups = arguments.lookups;
  setup.failures.lookups = arguments.lookups;
  setup.replicas.lookups = arguments.lookups;
  return setup;
}

}  // namespace

Verb add_sim_pastry(CLI::App& sim, const std::shared_ptr<RunOptions>& options) {
  auto arguments = std::make_shared<Arguments>();
  PastrySetup& setup = arguments->setup;
  CLI::App* const verb =
      sim.add_subcommand("pastry", "Hops, distance, routing tables, joins, failures, replicas");
  add_counts_option(*verb, "--nodes", setup.growth.sizes, 2, sim::kMaxNodes,
                    "Ring sizes to measure at; the other parts use rings of at most the largest");
  add_count_option(*verb, "--lookups", arguments->lookups, 1, sim::kMaxLookups,
                   "Lookups of each measurement");
  add_count_option(*verb, "--leaf-set", setup.node.leaf_set_size, 2, 128,
                   "Size of the leaf sets, even");
  add_parts_option<Part>(
      *verb, setup.parts,
      {{"growth", Part::kGrowth}, {"failures", Part::kFailures}, {"replicas", Part::kReplicas}});
  add_run_options(*verb, *options);
  verb->footer(
      "Beside the figures of Rowstron and Druschel (Middleware 2001).\n\n"
      "Examples:\n"
      "  phyllo sim pastry --nodes 1000 --seeds 3\n"
      "  phyllo sim pastry --nodes 10000,100000 --part growth --html pastry.html");
  return {verb, [verb, arguments, options] {
            return run_experiment(*verb, *options, setup_of(*arguments), sim::run_pastry);
          }};
}

}  // namespace phyllo::cli
