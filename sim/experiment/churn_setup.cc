#include "sim/experiment/churn_setup.h"

#include "sim/experiment/bounds.h"

namespace phyllo::sim {
namespace {

constexpr double kMaxLookupRate = 1'000;
constexpr Duration kLongest = std::chrono::hours(24 * 365);

}  // namespace

Outcome check(const ChurnSetup& setup) {
  if (auto ok = check(setup.runs); !ok) return ok;
  if (auto ok = leaf_set("leaf set", setup.node.leaf_set_size); !ok) return ok;
  if (auto ok = within("nodes", setup.nodes, 2, kMaxNodes); !ok) return ok;
  if (setup.sessions.empty() && !setup.trace) return impossible("no session time is given");
  for (const Duration session : setup.sessions) {
    if (auto ok = longer_than_nothing("a session", session); !ok) return ok;
  }
  if (setup.losses.empty()) return impossible("no link loss is given; 0 stands for none");
  for (const double loss : setup.losses) {
    if (auto ok = chance("link loss", loss); !ok) return ok;
  }
  if (setup.settle < Duration::zero()) return impossible("the time to settle is negative");
  if (auto ok = longer_than_nothing("the measured time", setup.length); !ok) return ok;
  if (setup.settle > kLongest || setup.length > kLongest) return impossible("longer than a year");
  if (!(setup.lookups > 0 && setup.lookups <= kMaxLookupRate)) {
    return impossible("lookups per node and second must be more than 0 and at most 1000");
  }
  return Done{};
}

}  // namespace phyllo::sim
