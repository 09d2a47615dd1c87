#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <set>

#include "base/topic_name.h"
#include "broker/core/effects.h"
#include "multicast/stream.h"
#include "multicast/topic_id.h"

namespace phyllo::broker {

/// Batches on their way from the programs into the forest, in order per topic. A topic whose
/// batches the forest has no room for is set aside without holding up the others. Bounded by the
/// programs' publish windows. Not thread-safe.
class Ingress {
 public:
  struct Waiting {
    SessionId session;
    TopicName topic;
    multicast::TopicId id;  ///< of the topic
    multicast::Batch batch;
  };

  void add(Waiting waiting);
  /// The batch to hand in now; nullptr when none waits or all topics are set aside.
  const Waiting* next() const;
  /// `next` went in, or never will.
  void pop();
  /// The forest has no room for `next`: its topic waits for `retry`.
  void set_aside();
  void retry(const multicast::TopicId& topic);
  void retry_all();
  void drop_session(SessionId session);

  std::size_t size() const { return size_; }
  bool anything_aside() const { return !aside_.empty(); }

 private:
  std::map<multicast::TopicId, std::list<Waiting>> topics_;
  std::list<multicast::TopicId> ready_;  ///< topics to hand in from, each once
  std::set<multicast::TopicId> aside_;
  std::size_t size_ = 0;
};

}  // namespace phyllo::broker
