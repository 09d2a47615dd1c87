#include "sim/experiment/mass_failure_setup.h"

#include "sim/experiment/bounds.h"

namespace phyllo::sim {
namespace {

constexpr double kMaxLookupRate = 1e6;
constexpr Duration kLongest = std::chrono::hours(24 * 365);

}  // namespace

Outcome check(const MassFailureSetup& setup) {
  if (auto ok = check(setup.runs); !ok) return ok;
  if (auto ok = leaf_set("leaf set", setup.node.leaf_set_size); !ok) return ok;
  if (auto ok = within("nodes", setup.nodes, 2, kMaxNodes); !ok) return ok;
  if (auto ok = within("subscribers", setup.subscribers, 2, kMaxNodes); !ok) return ok;
  if (setup.shares.empty()) return impossible("no share of nodes that die is given");
  for (const double dying : setup.shares) {
    if (auto ok = share("share of nodes that die", dying); !ok) return ok;
  }
  if (!(setup.lookups > 0 && setup.lookups <= kMaxLookupRate)) {
    return impossible("lookups per second must be more than 0 and at most 1000000");
  }
  if (auto ok = longer_than_nothing("the limit", setup.limit); !ok) return ok;
  if (setup.limit > kLongest) return impossible("the limit is longer than a year");
  return Done{};
}

}  // namespace phyllo::sim
