#pragma once

#include <cstddef>
#include <vector>

#include "base/random.h"
#include "base/topic_name.h"
#include "sim/network/station.h"

namespace phyllo::sim {

/// A topic and the stations that subscribe to it.
struct Group {
  TopicName topic;
  std::vector<StationId> members;  ///< each once
};

/// The sizes of the groups of ranks 1, 2 …: ⌊nodes·rank^−skew + ½⌋, at least one, at most `nodes`.
std::vector<std::size_t> group_sizes(std::size_t nodes, std::size_t groups, double skew);

/// A group of each size, its members drawn from all stations below `nodes`; no size is above that.
std::vector<Group> draw_groups(const std::vector<std::size_t>& sizes, std::size_t nodes,
                               Random& random);

}  // namespace phyllo::sim
