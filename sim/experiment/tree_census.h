#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/time.h"
#include "sim/experiment/groups.h"
#include "sim/grove/woods.h"
#include "sim/network/end_nodes.h"
#include "sim/network/link_stress.h"

namespace phyllo::sim {

/// What links carried in all.
struct LinkTotals {
  std::uint64_t messages = 0;         ///< over all links
  std::uint64_t between_routers = 0;  ///< over those that do not end at an end node
  std::uint32_t maximum = 0;          ///< over the busiest link
  std::vector<std::uint32_t> links;   ///< messages of each link that carried any
};

/// What the members of one group waited, beside multicast in the network from the same source.
struct DelayPenalty {
  std::size_t members;
  double rad;  ///< ratio of the average delays
  double rmd;  ///< ratio of the maximum delays
};

/// What one message to each group showed.
struct TreesFound {
  std::vector<DelayPenalty> penalties;  ///< of each group that has a member beside its source
  std::vector<std::uint32_t> tables;    ///< children tables of each node
  std::vector<std::uint32_t> entries;   ///< children in all of them
  LinkTotals scribe;
  LinkTotals ip;
  LinkTotals unicast;                   ///< from the source to each member
  double copies = 0;                    ///< that reach a node which gets the message at all
  std::vector<std::string> violations;  ///< of what must hold at rest
};

/// Watches one message to each group, the group's number from 1 being its publisher, and compares
/// it with multicast in the network and unicast from where it was published. What it refers to
/// outlives it.
class TreeCensus final : public Woods::Watcher {
 public:
  TreeCensus(const std::vector<Group>& groups, const EndNodes& nodes);

  /// The group's message is on its way from here.
  void published(std::size_t group, StationId source, Time now);
  void sent(StationId from, StationId to, multicast::PublisherId publisher) override;
  void delivered(Time now, StationId at, multicast::PublisherId publisher) override;

  /// Every member has got what was published so far.
  bool complete() const { return delivered_ >= expected_; }
  TreesFound found() const;

 private:
  struct Delays {
    StationId source = 0;
    Time since{};
    Duration sum{};
    Duration longest{};
    std::size_t deliveries = 0;
  };
  void compare(const Group& group, const Delays& delays, TreesFound& found) const;

  const std::vector<Group>& groups_;
  const EndNodes& nodes_;
  std::vector<Delays> delays_;
  std::vector<std::uint32_t> tables_;
  std::vector<std::uint32_t> entries_;
  LinkStress scribe_;
  LinkStress ip_;
  LinkStress unicast_;
  std::unordered_set<std::uint64_t> senders_;    ///< in each group
  std::unordered_set<std::uint64_t> receivers_;  ///< in each group
  std::uint64_t copies_ = 0;
  std::uint64_t expected_ = 0;
  std::uint64_t delivered_ = 0;
};

}  // namespace phyllo::sim
