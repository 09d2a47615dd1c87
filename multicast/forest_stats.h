#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace phyllo::multicast {

/// Counters since the forest was made, and sizes now. A "message" is one of the publisher's, not a
/// batch.
struct ForestStats {
  std::uint64_t published_messages = 0;  ///< handed in by local programs
  std::uint64_t published_bytes = 0;
  std::uint64_t rooted_messages = 0;     ///< numbered here as root
  std::uint64_t forwarded_messages = 0;  ///< sent to children, counted once per child
  std::uint64_t forwarded_bytes = 0;
  std::uint64_t delivered_messages = 0;  ///< passed to local subscribers, once per topic
  std::uint64_t delivered_bytes = 0;
  std::uint64_t unheard_messages = 0;    ///< published to a topic nobody subscribed to
  std::uint64_t duplicate_messages = 0;  ///< dropped, seen before
  std::uint64_t foreign_batches = 0;     ///< dropped, not from the parent
  std::uint64_t malformed = 0;
  std::uint64_t refused_topics = 0;  ///< times that a tree was wanted which must not be here
  std::array<std::uint64_t, 5> gap_messages{};  ///< by Gap::Why
  std::uint64_t grafts = 0;
  std::uint64_t repairs = 0;  ///< parents lost and replaced
  std::uint64_t root_changes = 0;
  std::uint64_t cycles_broken = 0;
  std::uint64_t children_shed = 0;  ///< by the bottleneck remover
  std::uint64_t collapses = 0;      ///< only children sent to their grandparents
  Duration publishers_held{};       ///< they waited so long, the times of all topics together
  std::size_t trees = 0;
  std::size_t rooted_trees = 0;
  std::size_t resting_trees = 0;  ///< of them, with nothing going on
  std::size_t children = 0;
  std::size_t ingress_bytes = 0;  ///< published here, not taken by a root yet
  std::size_t recent_bytes = 0;   ///< taken lately, kept in case the root dies
  std::size_t held_bytes = 0;     ///< put aside while trees move

  /// The topics with the most children and subscribers here, at most 20.
  struct BusyTopic {
    std::string name;
    std::size_t children = 0;
    std::uint64_t local_subscribers = 0;
    std::uint64_t subtree_subscribers = 0;
  };
  std::vector<BusyTopic> busiest;
};

}  // namespace phyllo::multicast
