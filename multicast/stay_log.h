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

/// Which streams took what one program of this broker published to one topic: a publication that
/// was under way when its predecessors were acknowledged does not say so itself.
class PublisherStays {
 public:
  /// Nobody has published yet.
  PublisherStays() = default;
  explicit PublisherStays(PublisherId publisher) : publisher_(publisher) {}

  PublisherId publisher() const { return publisher_; }
  bool empty() const { return publisher_ == 0; }
  /// When it last published.
  Time latest() const { return latest_; }
  /// The root has this batch, published at `when` or before, and the stream ended there.
  void taken(Time when, const Batch& batch, const StreamEnd& at);
  /// What the batch says, which waited here since then, and what became of earlier ones meanwhile.
  std::vector<Stay> of(Time now, const Batch& batch, Time since) const;

 private:
  PublisherId publisher_ = 0;
  Time latest_{};
  Stays<StreamId, Time> stays_;
};

/// The same of many publishers and topics. Bounded: who published longest ago is forgotten first,
/// and everybody after the lifetime of a stay.
class StayLog {
 public:
  static constexpr std::size_t kCapacity = 65'536;

  /// See PublisherStays.
  void taken(Time when, const TopicId& topic, const Batch& batch, const StreamEnd& at);
  std::vector<Stay> of(Time now, const TopicId& topic, const Batch& batch, Time since) const;
  /// Keeps what somebody else kept until now.
  void put(Time now, const TopicId& topic, PublisherStays stays);
  /// Removes and returns what there is of a publisher, so that somebody else may keep it.
  PublisherStays take(const TopicId& topic, PublisherId publisher);
  std::size_t size() const { return order_.size(); }

 private:
  using Key = std::pair<TopicId, PublisherId>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept {
      return std::hash<TopicId>{}(key.first) ^ std::hash<PublisherId>{}(key.second);
    }
  };
  struct Noted {
    TopicId topic;
    PublisherStays stays;
  };
  /// Makes it the latest.
  PublisherStays& noted(const TopicId& topic, PublisherId publisher);
  void forget(Time now);

  std::list<Noted> order_;  ///< longest ago first
  std::unordered_map<Key, std::list<Noted>::iterator, KeyHash> noted_;
};

}  // namespace phyllo::multicast
