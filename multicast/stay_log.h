#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "multicast/stream.h"
#include "multicast/topic_id.h"

namespace phyllo::multicast {

/// Which streams took what the programs of this broker published: a publication that was under way
/// when its predecessors were acknowledged does not say so itself. Bounded: who published longest
/// ago is forgotten first, and everybody after the lifetime of a stay.
class StayLog {
 public:
  static constexpr std::size_t kCapacity = 65'536;

  /// The root has this batch, published at `when` or before, and the stream ended there.
  void taken(Time when, const TopicId& topic, const Batch& batch, const StreamEnd& at);
  /// What the batch says, which waited here since then, and what became of earlier ones meanwhile.
  std::vector<Stay> of(Time now, const TopicId& topic, const Batch& batch, Time since) const;
  std::size_t size() const { return order_.size(); }

 private:
  using Key = std::pair<TopicId, PublisherId>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept {
      return std::hash<TopicId>{}(key.first) ^ std::hash<PublisherId>{}(key.second);
    }
  };
  struct Noted {
    Key key;
    Time latest;
    Stays<StreamId, Time> stays;
  };
  std::list<Noted> order_;  ///< longest ago first
  std::unordered_map<Key, std::list<Noted>::iterator, KeyHash> noted_;
};

}  // namespace phyllo::multicast
