#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/experiment/regional_topics.h"
#include "sim/experiment/spread.h"
#include "sim/network/latency_model.h"

namespace phyllo::sim {

/// What the messages of all topics came to.
struct RegionsAccount {
  std::uint64_t wanted = 0;       ///< pairs of a message and another region with members
  std::uint64_t entered = 0;      ///< copies that entered such a region
  std::uint64_t repeated = 0;     ///< of these the second and further ones of a message
  std::uint64_t missed = 0;       ///< such pairs without a copy
  std::uint64_t unwanted = 0;     ///< copies that entered any other region
  std::uint64_t undelivered = 0;  ///< members that it did not reach
  double dollars = 0;             ///< for a million messages of 1,000 bytes on each topic
  std::vector<double> far;        ///< delay ÷ direct delay, of each delivery in another region
  std::vector<double> near;       ///< in the publisher's
};

RegionsAccount account(const std::vector<RegionalTopic>& topics, const std::vector<Spread>& spreads,
                       std::size_t regions, const LatencyModel& network);

}  // namespace phyllo::sim
