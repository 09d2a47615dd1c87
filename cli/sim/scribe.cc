#include "sim/experiment/scribe.h"

#include <algorithm>

#include "cli/sim/experiment.h"
#include "cli/sim/simulation.h"
#include "cli/sim/value_options.h"
#include "sim/experiment/bounds.h"

namespace phyllo::cli {
namespace {

using sim::ScribeSetup;
using Part = ScribeSetup::Part;

struct Arguments {
  ScribeSetup setup;
  std::size_t nodes = ScribeSetup::Trees{}.nodes;
  std::size_t groups = ScribeSetup::Trees{}.groups;
};

/// Small groups have a network of their own in the paper: fewer nodes, and more groups. A smaller
/// experiment shrinks them in the same proportion.
ScribeSetup setup_of(const Arguments& arguments) {
  const auto scaled = [](std::size_t usual, std::size_t given, std::size_t of) {
    return std::max<std::size_t>(usual * given / of, 1);
  };
  constexpr ScribeSetup::Trees kTrees;
  ScribeSetup setup = arguments.setup;
  setup.trees.nodes = arguments.nodes;
  setup.trees.groups = arguments.groups;
  setup.small.nodes = std::max<std::size_t>(
      scaled(setup.small.nodes, arguments.nodes, kTrees.nodes), setup.small.members);
  setup.small.groups = scaled(setup.small.groups, arguments.groups, kTrees.groups);
  return setup;
}

}  // namespace

Verb add_sim_scribe(CLI::App& sim, const std::shared_ptr<RunOptions>& options) {
  auto arguments = std::make_shared<Arguments>();
  ScribeSetup& setup = arguments->setup;
  CLI::App* const verb =
      sim.add_subcommand("scribe", "Multicast trees: delays, stress, many small groups");
  add_count_option(*verb, "--nodes", arguments->nodes, 2, sim::kMaxNodes,
                   "Nodes; the small groups use half as many");
  add_count_option(*verb, "--groups", arguments->groups, 1, 1'000'000,
                   "Groups; there are 20 times as many small ones");
  add_count_option(*verb, "--children-limit", setup.children_limit, 1, 1'000'000,
                   "Children entries of one node, for the bottleneck remover");
  add_parts_option<Part>(
      *verb, setup.parts,
      {{"trees", Part::kTrees}, {"bottleneck", Part::kBottleneck}, {"small", Part::kSmall}});
  add_run_options(*verb, *options);
  verb->footer(
      "Beside the figures of Castro, Druschel, Kermarrec and Rowstron (JSAC 2002).\n\n"
      "Examples:\n"
      "  phyllo sim scribe --nodes 500 --groups 20 --seeds 2\n"
      "  phyllo sim scribe --part trees --seeds 1 --html scribe.html");
  return {verb, [verb, arguments, options] {
            return run_experiment(*verb, *options, setup_of(*arguments), sim::run_scribe);
          }};
}

}  // namespace phyllo::cli
