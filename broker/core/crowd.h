#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "broker/core/session.h"

namespace phyllo::broker {

/// A subscription that casts may be offered to.
using Taker = std::pair<SessionId, client::SubscriptionNumber>;

inline Taker taker_of(const Subscription& subscription) {
  return {subscription.session().id(), subscription.number()};
}

/// The subscriptions of one topic, where there are several: those that wait for its tree, those
/// that are served, and whose turn it is to be offered casts. Owns none of them. Not thread-safe.
class Crowd {
 public:
  /// In the order of their sessions, in one piece: with very many topics each step from one to the
  /// next would have to wait for the memory. One that comes or goes moves those behind it.
  using Members = std::vector<Subscription*>;

  explicit Crowd(const multicast::TopicId& topic) : topic_(topic) {}

  const multicast::TopicId& topic() const { return topic_; }
  void add(Subscription& subscription);
  void remove(Subscription& subscription);
  std::size_t size() const { return waiting_.size() + served_.size(); }
  const Members& waiting() const { return waiting_; }
  const Members& served() const { return served_; }
  /// From now on all that wait are served.
  void serve();

  /// Takers of casts that are ready, at most `limit`, beginning after the one asked last.
  std::deque<Taker> takers(std::size_t limit) const;
  /// It is this one's turn; nullptr when it takes no casts, or not yet.
  Subscription* ask(const Taker& taker);

 private:
  multicast::TopicId topic_;
  Members waiting_;
  Members served_;
  Members takers_;    ///< among the served
  Taker last_asked_;  ///< of the takers
};

}  // namespace phyllo::broker
