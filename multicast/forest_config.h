#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/time.h"
#include "base/topic_name.h"

namespace phyllo::multicast {

/// Whether a node that only passes a topic on stays in its tree.
enum class Collapse {
  kNever,      ///< as long as it has a child: later subscribers find a branch here
  kOnlyChild,  ///< not with one child alone: that one gets this node's parent (small groups)
};

/// Whether the trees of this forest are all there is of their topics.
enum class Extent {
  kWhole,
  kRegion,  ///< other regions have trees of their own; see `Forest::open` and `Forest::import`
};

/// Which topics may have a tree on this broker; empty: all.
using Admission = std::function<bool(const TopicName&)>;

struct ForestConfig {
  Duration heartbeat;              ///< parent to child, when no data went down in that time
  Duration parent_timeout;         ///< a child that heard nothing for this long grafts anew
  Duration refresh;                ///< child to parent: still here, with the subscriber count
  Duration child_timeout;          ///< a child not refreshed for this long is dropped
  Duration graft_retry;            ///< first back-off of an unanswered graft; doubles, with jitter
  Duration publish_retry;          ///< a batch not taken for this long is sent again
  Duration survey_timeout;         ///< how long a survey or a cast waits for its answers
  std::size_t children_limit = 0;  ///< bottleneck remover: entries of all trees; 0 = none
  Collapse collapse = Collapse::kNever;
  Extent extent = Extent::kWhole;
  std::size_t topic_limit = 1'000'000;  ///< trees this broker takes part in for local programs
  std::size_t ingress_bytes_per_topic = 16 << 20;  ///< published here, not yet taken by the root
  std::size_t ingress_bytes = 256 << 20;           ///< the same over all topics
  std::size_t recent_bytes = 64 << 20;             ///< kept after a root took them, over all topics
  std::size_t held_bytes = 64 << 20;               ///< put aside while trees move, over all topics

  static ForestConfig lan();
  static ForestConfig wan();
  static ForestConfig paper();
};

}  // namespace phyllo::multicast
