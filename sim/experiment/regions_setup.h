#pragma once

#include <cstddef>
#include <set>

#include "base/result.h"
#include "base/time.h"
#include "sim/experiment/runs.h"

namespace phyllo::sim {

/// Many topics, most of them used in one region only, over the regions of a public cloud: what
/// crosses the borders, what it costs and how long it takes, with this software as it is meant to
/// be used and in other ways.
struct RegionsSetup {
  enum class Way {
    kRegions,  ///< a ring and trees in each region, one copy over each border
    kRelays,   ///< the same, and regions pass on to others where that costs less
    kScribe,   ///< one ring and one tree for all, distance alone decides
    kFactor,   ///< the same, a node of another region counts as several times as far
    kMesh,     ///< every broker knows all, and sends straight to each one that has subscribers
    kGossip,   ///< those that have subscribers pass on to some others that do
  };

  Runs runs = {};
  std::set<Way> ways = {Way::kRegions, Way::kRelays, Way::kScribe,
                        Way::kFactor,  Way::kMesh,   Way::kGossip};
  std::size_t regions = 20;
  std::size_t brokers = 50;  ///< in each region
  std::size_t topics = 2'000;
  double skew = 1.0;  ///< the topic of rank r is subscribed to at ⌊brokers·r^−skew + ½⌋ ones
  double local = .7;                         ///< of the topics are used in one region only
  std::size_t degree = 6;                    ///< of the gossip's mesh
  Duration rest = std::chrono::seconds(10);  ///< from the first message to the measurement
};

/// What is impossible about it, in words for the one who asked for it.
Outcome check(const RegionsSetup& setup);

}  // namespace phyllo::sim
