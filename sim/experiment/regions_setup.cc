#include "sim/experiment/regions_setup.h"

#include <cmath>

#include "sim/experiment/bounds.h"
#include "sim/scenario/cloud_regions.h"

namespace phyllo::sim {
namespace {

constexpr std::size_t kMostBrokers = 500;
constexpr std::size_t kMostTopics = 100'000;
constexpr std::size_t kMostDegree = 64;
constexpr double kMostSkew = 5;
constexpr Duration kLongestRest = std::chrono::hours(1);

}  // namespace

Outcome check(const RegionsSetup& setup) {
  if (auto ok = check(setup.runs); !ok) return ok;
  if (setup.ways.empty()) return impossible("no way is chosen");
  if (auto ok = within("regions", setup.regions, 2, cloud::names().size()); !ok) return ok;
  if (auto ok = within("brokers in a region", setup.brokers, 1, kMostBrokers); !ok) return ok;
  if (auto ok = within("topics", setup.topics, 1, kMostTopics); !ok) return ok;
  if (auto ok = within("degree", setup.degree, 2, kMostDegree); !ok) return ok;
  if (!(setup.skew >= 0 && setup.skew <= kMostSkew)) return impossible("skew must be 0 to 5");
  if (!(setup.local >= 0 && setup.local <= 1)) return impossible("local must be 0 to 1");
  if (setup.rest < Duration::zero() || setup.rest > kLongestRest) {
    return impossible("rest must be at most an hour");
  }
  return Done{};
}

}  // namespace phyllo::sim
