#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sim/experiment/regional_topics.h"
#include "sim/network/latency_model.h"

namespace phyllo::sim {

/// How one message of one topic got about: what crossed from region to region, and when it arrived.
struct Spread {
  struct Border {
    std::size_t from;
    std::size_t to;
    auto operator<=>(const Border&) const = default;
  };
  std::map<Border, std::uint64_t> copies;  ///< of the message, between different regions
  std::map<StationId, Duration> arrived;   ///< at members other than the publisher's broker
};

/// Each broker with subscribers gets it straight from the publisher's.
Spread spread_by_mesh(const RegionalTopic& topic, std::size_t regions, const LatencyModel& network);

/// The publisher's broker and the members form a random connected graph in which nobody has chosen
/// more than `degree` others. Whoever hears the message for the first time passes it on to all its
/// neighbours but the one it comes from.
Spread spread_by_gossip(const RegionalTopic& topic, std::size_t regions, std::size_t degree,
                        const LatencyModel& network, Random& random);

}  // namespace phyllo::sim
