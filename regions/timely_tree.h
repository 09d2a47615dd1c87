#pragma once

#include <cstddef>
#include <vector>

#include "regions/arborescence.h"
#include "regions/route_plan.h"

namespace phyllo::regions {

/// A tree over given regions, and what it comes to.
struct TimelyTree {
  std::vector<RoutePlan::Leg> legs;  ///< whoever sends was reached by an earlier leg
  EdgeWeight weight;                 ///< its cost in millionths of the currency
};

/// The lightest tree from the first of `regions` to all others in which the `interested` that come
/// next hear at most `extra_delay` later than directly. Looks at no more than `trees`, and takes
/// those that it looked at off; when these do not suffice, the best of them, at worst the direct
/// ways.
TimelyTree lightest_timely_tree(const RegionTable& table, const std::vector<std::size_t>& regions,
                                std::size_t interested, Duration extra_delay, int& trees);

}  // namespace phyllo::regions
