#include "sim/experiment/scribe_setup.h"

#include "sim/experiment/bounds.h"

namespace phyllo::sim {
namespace {

constexpr std::size_t kMaxGroups = 1'000'000;
constexpr std::size_t kMaxChildrenLimit = 1'000'000;
constexpr double kMaxSkew = 10;

Outcome check(const ScribeSetup::Trees& trees) {
  if (auto ok = within("trees: nodes", trees.nodes, 2, kMaxNodes); !ok) return ok;
  if (auto ok = within("trees: groups", trees.groups, 1, kMaxGroups); !ok) return ok;
  if (trees.skew >= 0 && trees.skew <= kMaxSkew) return Done{};
  return impossible("trees: the skew of the groups' sizes must be between 0 and 10");
}

Outcome check(const ScribeSetup::Small& small) {
  if (auto ok = within("small groups: nodes", small.nodes, 2, kMaxNodes); !ok) return ok;
  if (auto ok = within("small groups: groups", small.groups, 1, kMaxGroups); !ok) return ok;
  return within("small groups: members", small.members, 1, small.nodes);
}

}  // namespace

Outcome check(const ScribeSetup& setup) {
  using Part = ScribeSetup::Part;
  if (auto ok = check(setup.runs); !ok) return ok;
  if (auto ok = check(setup.network); !ok) return ok;
  if (setup.parts.empty()) return impossible("no part of the experiment is chosen");
  if (setup.parts.contains(Part::kTrees) || setup.parts.contains(Part::kBottleneck)) {
    if (auto ok = check(setup.trees); !ok) return ok;
  }
  if (setup.parts.contains(Part::kBottleneck)) {
    const std::size_t limit = setup.children_limit;
    if (auto ok = within("children limit", limit, 1, kMaxChildrenLimit); !ok) return ok;
  }
  return setup.parts.contains(Part::kSmall) ? check(setup.small) : Done{};
}

}  // namespace phyllo::sim
