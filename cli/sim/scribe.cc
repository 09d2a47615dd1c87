#include "sim/experiment/scribe.h"

#include <algorithm>
#include <cmath>
#include <optional>

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
  std::optional<std::size_t> groups;
};

/// A smaller experiment than the published one has as many groups of all sizes as leave the
/// smallest as large as it is there, and in the same proportion fewer small ones.
ScribeSetup setup_of(const Arguments& arguments) {
  constexpr ScribeSetup::Trees kTrees;
  const double part = static_cast<double>(arguments.nodes) / static_cast<double>(kTrees.nodes);
  const auto scaled = [](std::size_t usual, double by, std::size_t least) {
    return std::max(static_cast<std::size_t>(static_cast<double>(usual) * by), least);
  };
  ScribeSetup setup = arguments.setup;
  setup.trees.nodes = arguments.nodes;
  setup.trees.groups =
      arguments.groups.value_or(scaled(kTrees.groups, std::pow(part, 1 / kTrees.skew), 1));
  setup.small.nodes = scaled(setup.small.nodes, part, setup.small.members);
  setup.small.groups = scaled(setup.small.groups, part, 1);
  return setup;
}

}  // namespace

Verb add_sim_scribe(CLI::App& sim, const std::shared_ptr<RunOptions>& options) {
  auto arguments = std::make_shared<Arguments>();
  ScribeSetup& setup = arguments->setup;
  CLI::App* const verb =
      sim.add_subcommand("scribe", "Multicast trees: delays, stress, many small groups");
  add_count_option(*verb, "--nodes", arguments->nodes, 2, sim::kMaxNodes,
                   "Nodes; the small groups use half as many, of which 10 have 6 groups");
  verb->add_option("--groups", arguments->groups,
                   "Groups of all sizes (default: so many that the smallest has 11 members)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}).description(""));
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
