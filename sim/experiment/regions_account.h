#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/experiment/regional_topics.h"
#include "sim/experiment/spread.h"
#include "sim/network/latency_model.h"
#include "sim/oracle/copy_count.h"

namespace phyllo::sim {

/// What the messages of all topics came to.
struct RegionsAccount {
  CopyCount copies;               ///< over borders
  std::uint64_t undelivered = 0;  ///< members that it did not reach
  double dollars = 0;             ///< for a million messages of 1,000 bytes on each topic
  std::vector<double> far;        ///< delay ÷ direct delay, of each delivery in another region
  std::vector<double> near;       ///< in the publisher's
};

RegionsAccount account(const std::vector<RegionalTopic>& topics, const std::vector<Spread>& spreads,
                       std::size_t regions, const LatencyModel& network);

}  // namespace phyllo::sim
