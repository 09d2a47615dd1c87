#include "sim/experiment/scribe.h"

#include <string>
#include <vector>

#include "base/check.h"
#include "sim/experiment/scribe_report.h"
#include "sim/experiment/scribe_run.h"
#include "sim/experiment/seed_runner.h"

namespace phyllo::sim {
namespace {

using Part = ScribeSetup::Part;

/// One world of a seed's run: a ring and its groups.
struct World {
  ScribeRun run;
  TreesFound ScribeFound::*found;
};

std::vector<World> worlds_of(const ScribeSetup& setup, std::uint64_t seed) {
  std::vector<World> worlds;
  const auto& trees = setup.trees;
  const auto& small = setup.small;
  ScribeRun run{seed, trees.nodes, {}, setup.network, quiet_forest()};
  if (setup.parts.contains(Part::kTrees) || setup.parts.contains(Part::kBottleneck)) {
    run.sizes = group_sizes(trees.nodes, trees.groups, trees.skew);
  }
  if (setup.parts.contains(Part::kTrees)) worlds.push_back({run, &ScribeFound::trees});
  if (setup.parts.contains(Part::kBottleneck)) {
    run.forest.children_limit = setup.children_limit;
    worlds.push_back({run, &ScribeFound::bottleneck});
    run.forest.children_limit = 0;
  }
  if (setup.parts.contains(Part::kSmall)) {
    run.nodes = small.nodes;
    run.sizes.assign(small.groups, small.members);
    worlds.push_back({run, &ScribeFound::small});
    run.forest.collapse = multicast::Collapse::kOnlyChild;
    worlds.push_back({run, &ScribeFound::collapsed});
  }
  return worlds;
}

ScribeFound run_seed(const ScribeSetup& setup, std::uint64_t seed, SeedProgress& progress) {
  ScribeFound found;
  const auto worlds = worlds_of(setup, seed);
  double work = 0;
  for (const World& world : worlds) work += static_cast<double>(world.run.nodes);
  double done = 0;
  for (const World& world : worlds) {
    const double after = done + static_cast<double>(world.run.nodes) / work;
    progress.next_world(done, after);
    found.*world.found = run_trees(world.run, progress);
    done = after;
  }
  return found;
}

}  // namespace

Report run_scribe(const ScribeSetup& setup, Progress& progress) {
  PHYLLO_CHECK(check(setup).ok());
  return scribe_report(setup, run_seeds<ScribeFound>(setup.runs, progress,
                                                     [&](std::uint64_t seed, SeedProgress& mine) {
                                                       return run_seed(setup, seed, mine);
                                                     }));
}

}  // namespace phyllo::sim
