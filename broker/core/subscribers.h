#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/topic_name.h"
#include "broker/core/broker_config.h"
#include "broker/core/outbox.h"
#include "broker/core/session.h"
#include "broker/core/topic_gate.h"
#include "multicast/effects.h"
#include "multicast/stream.h"
#include "multicast/topic_id.h"

namespace phyllo::broker {

/// A subscription that casts may be offered to.
using Taker = std::pair<SessionId, client::SubscriptionNumber>;

/// The subscriptions of all sessions by topic: who waits for the graft, who is served. Says how
/// many there are of a topic whenever that changes. Not thread-safe.
class Subscribers {
 public:
  Subscribers(const ClientLimits& limits, const TopicGate& gate, LossPlace here)
      : limits_(limits), gate_(gate), here_(std::move(here)) {}

  void subscribe(Session& session, const client::Subscribe& wish, Outbox& out);
  void unsubscribe(Session& session, client::SubscriptionNumber number, Outbox& out);
  void credit(Session& session, const client::Credit& credit, Outbox& out);
  /// Ends all subscriptions of a session that is over.
  void leave(Session& session, Outbox& out);

  void live(const multicast::TopicId& topic, const multicast::StreamPosition& position,
            Outbox& out);
  void refused(const multicast::TopicId& topic, const Error& why, Outbox& out);
  void deliver(const multicast::TopicId& topic, const multicast::StreamBatch& batch, Outbox& out);
  void deliver_gap(const multicast::TopicId& topic, const multicast::Gap& gap, Outbox& out);

  /// Some of the topic's subscriptions that take casts and have room for one now, enough for
  /// `wanted` takers if there are so many: each in its turn first.
  std::deque<Taker> takers(const multicast::TopicId& topic, std::uint32_t wanted) const;
  /// Sends the offer. False when the subscription is no more or has no room.
  bool offer(const multicast::Offer& offer, const Taker& taker, Outbox& out);

  std::size_t size() const { return size_; }
  std::size_t topics() const { return topics_.size(); }
  std::size_t queued_bytes() const { return queued_bytes_; }

 private:
  struct Subscriber {
    Session* session;
    Subscription* subscription;
  };
  using Members = std::map<Taker, Subscriber>;
  struct Topic {
    TopicName name;
    Members waiting;  ///< for the graft to be live
    Members served;
    Members takers;    ///< of casts; these are among the served
    Taker last_asked;  ///< of the takers
    std::uint64_t count() const { return waiting.size() + served.size(); }
  };

  Outcome admit(const Session& session, const client::Subscribe& wish) const;
  void remove(Session& session, Subscription& subscription, Outbox& out);
  template <class Push>
  void keep(const Subscriber& subscriber, Outbox& out, Push&& push);
  void send_waiting(const Subscriber& subscriber, Outbox& out);

  const ClientLimits& limits_;
  const TopicGate& gate_;
  LossPlace here_;
  std::unordered_map<multicast::TopicId, Topic> topics_;  ///< never iterated
  std::size_t size_ = 0;
  std::size_t queued_bytes_ = 0;
};

}  // namespace phyllo::broker
