#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <vector>

#include "base/time.h"
#include "multicast/stream.h"
#include "multicast/topic_id.h"

namespace phyllo::multicast {

/// Batches of all topics that roots took lately: a root that dies may have taken some with it that
/// nobody else saw. Bounded in time, in bytes of each topic and in bytes over all topics; what is
/// oldest goes first.
class Recent {
 public:
  struct Bounds {
    Duration time;
    std::size_t topic_bytes;
    std::size_t bytes;
  };
  explicit Recent(Bounds bounds) : bounds_(bounds) {}

  void add(Time now, const TopicId& topic, Batch batch);
  void forget(const TopicId& topic);
  /// Removes the topic's and returns what is young enough, oldest first.
  struct Kept {
    Batch batch;
    Time since;
  };
  std::vector<Kept> take(Time now, const TopicId& topic);
  std::size_t bytes() const { return bytes_; }

 private:
  struct Taken {
    TopicId topic;
    Time when;
    Batch batch;
    std::size_t bytes;
  };
  using Order = std::list<Taken>;
  struct OfTopic {
    std::deque<Order::iterator> taken;  ///< oldest first
    std::size_t bytes = 0;
  };
  void drop_oldest(const TopicId& topic);

  const Bounds bounds_;
  Order order_;  ///< oldest first
  std::map<TopicId, OfTopic> topics_;
  std::size_t bytes_ = 0;
};

}  // namespace phyllo::multicast
