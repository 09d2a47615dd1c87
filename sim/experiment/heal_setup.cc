#include "sim/experiment/heal_setup.h"

#include "sim/experiment/bounds.h"

namespace phyllo::sim {
namespace {

constexpr Duration kLongest = std::chrono::hours(24 * 365);

}  // namespace

Outcome check(const HealSetup& setup) {
  if (auto ok = check(setup.runs); !ok) return ok;
  if (auto ok = leaf_set("leaf set", setup.node.leaf_set_size); !ok) return ok;
  if (auto ok = within("nodes", setup.nodes, 2, kMaxNodes); !ok) return ok;
  if (setup.shares.empty()) return impossible("no size of the smaller side is given");
  for (const double side : setup.shares) {
    if (auto ok = share("share of nodes on one side", side); !ok) return ok;
  }
  if (setup.durations.empty()) return impossible("no duration of the cut is given");
  for (const Duration cut : setup.durations) {
    if (auto ok = longer_than_nothing("a cut", cut); !ok) return ok;
    if (cut > kLongest) return impossible("a cut is longer than a year");
  }
  if (auto ok = longer_than_nothing("the limit", setup.limit); !ok) return ok;
  if (setup.limit > kLongest) return impossible("the limit is longer than a year");
  return Done{};
}

}  // namespace phyllo::sim
