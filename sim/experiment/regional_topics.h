#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "base/random.h"
#include "base/topic_name.h"
#include "sim/network/station.h"

namespace phyllo::sim {

/// A topic, the broker its publisher is connected to, and the brokers with subscribers.
struct RegionalTopic {
  TopicName name;
  StationId publisher;
  std::vector<StationId> members;  ///< each once; the publisher's may be among them
};

struct RegionalLoad {
  std::size_t regions;
  std::size_t brokers;  ///< in each region
  std::size_t topics;
  double skew;   ///< of the numbers of members
  double local;  ///< the part of the topics whose members are all in the publisher's region
};

/// Where a broker stands: those of all regions take turns.
inline std::size_t region_of(StationId broker, std::size_t regions) { return broker % regions; }

/// The topics' publishers and, as far as a region has room for them, members are drawn at random.
std::vector<RegionalTopic> draw_topics(const RegionalLoad& load, Random& random);

/// The regions other than the publisher's where the topic has members.
std::set<std::size_t> abroad(const RegionalTopic& topic, std::size_t regions);

}  // namespace phyllo::sim
