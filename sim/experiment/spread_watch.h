#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "multicast/topic_id.h"
#include "sim/cluster/cluster.h"
#include "sim/experiment/spread.h"

namespace phyllo::sim {

/// Sees, in what a cluster's brokers send each other from now on, how the messages of topics get
/// about, and how much else crosses borders. One message of each topic may be under way. Watches
/// the network's trace; the cluster must not run any longer than this lives.
class SpreadWatch {
 public:
  /// The brokers stand as `region_of` has it.
  SpreadWatch(Cluster& cluster, const std::vector<RegionalTopic>& topics, std::size_t regions);
  ~SpreadWatch();
  SpreadWatch(const SpreadWatch&) = delete;
  SpreadWatch& operator=(const SpreadWatch&) = delete;

  /// Of all topics, in their order; `arrived` since the watch began.
  const std::vector<Spread>& spreads() const { return spreads_; }
  /// Frames and their bytes between regions that carry no message.
  std::uint64_t control_frames() const { return control_frames_; }
  std::uint64_t control_bytes() const { return control_bytes_; }

 private:
  void see(const NetworkTrace::Record& record);

  Cluster& cluster_;
  std::size_t regions_;
  Time begin_;
  std::map<multicast::TopicId, std::size_t> index_;
  std::vector<Spread> spreads_;
  std::map<std::size_t, std::set<StationId>> members_;  ///< whose arrivals count
  std::uint64_t control_frames_ = 0;
  std::uint64_t control_bytes_ = 0;
};

}  // namespace phyllo::sim
