#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"
#include "regions/region_table.h"

namespace phyllo::regions {

/// From where to where a topic's batches have to get. Regions by their index in the table.
struct RouteWish {
  std::size_t publisher = 0;
  std::vector<std::size_t> interested =
      {};                                ///< get each batch; the publisher's own need not be named
  std::vector<std::size_t> relays = {};  ///< may pass it on besides
  /// How much later than on the direct way a batch may get to an interested region.
  Duration extra_delay{};
};

/// Which region sends to which: a tree from the publisher's region to all interested ones, in which
/// each region gets one copy.
struct RoutePlan {
  struct Leg {
    std::size_t from;
    std::size_t to;
    bool operator==(const Leg&) const = default;
  };
  std::vector<Leg> legs;  ///< whoever sends was reached by an earlier leg
  double price = 0;       ///< of one GB published
  double burden = 0;      ///< the same with the weights: what was made small

  bool operator==(const RoutePlan&) const = default;
};

/// The plan of least burden: sending directly, unless passing on through other regions costs less.
/// Of plans that cost the same the one with fewer relayed legs. Exact while there are at most
/// `kExactRelays` regions that could be relays without being interested, a few dozen regions in
/// all, and the delays do not rule out too many trees; otherwise a good plan, never
/// worse than sending directly. A function of its arguments: every broker finds the same.
RoutePlan plan_routes(const RegionTable& table, const RouteWish& wish);

inline constexpr std::size_t kExactRelays = 6;

}  // namespace phyllo::regions
