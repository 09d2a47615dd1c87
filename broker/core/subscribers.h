#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "base/hash_index.h"
#include "broker/core/broker_config.h"
#include "broker/core/crowd.h"
#include "broker/core/outbox.h"
#include "broker/core/pressure.h"
#include "broker/core/session.h"
#include "broker/core/topic_gate.h"
#include "multicast/effects.h"
#include "multicast/stream.h"
#include "multicast/topic_id.h"

namespace phyllo::broker {

/// The subscriptions of all sessions by topic: who waits for the graft, who is served. Says how
/// many there are of a topic whenever that changes. Not thread-safe.
class Subscribers {
 public:
  /// `secret`: as for a session.
  Subscribers(const ClientLimits& limits, const TopicGate& gate, LossPlace here,
              std::uint64_t secret)
      : limits_(limits), gate_(gate), here_(std::move(here)), alone_(secret), crowds_(secret) {}
  ~Subscribers();
  Subscribers(const Subscribers&) = delete;
  Subscribers& operator=(const Subscribers&) = delete;

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
  /// Sends the offer. False when the subscription is no more, has no room or stands still.
  bool offer(const multicast::Offer& offer, const Taker& taker, Outbox& out);

  void tick(Outbox& out) { pressure_.tick(out); }
  Time next_tick() const { return pressure_.next_tick(); }

  std::size_t size() const { return size_; }
  std::size_t topics() const { return alone_.size() + crowds_.size(); }
  std::size_t queued_bytes() const { return queued_bytes_; }

 private:
  struct ByTopic {
    static const multicast::TopicId& key(const auto& one) { return one.topic(); }
    static std::uint64_t number(const multicast::TopicId& topic) { return topic.number(); }
  };

  Outcome admit(const Session& session, const client::Subscribe& wish) const;
  std::size_t add(Subscription& subscription);
  void remove(Subscription& subscription, Outbox& out);
  std::size_t take_out(Subscription& subscription);
  template <class Serve>
  void for_each_served(const multicast::TopicId& topic, Serve&& serve) const;
  template <class Push>
  void keep(Subscription& subscription, Outbox& out, Push&& push);
  void send_waiting(Subscription& subscription, Outbox& out);

  const ClientLimits& limits_;
  const TopicGate& gate_;
  LossPlace here_;
  /// Most topics have one subscription on a broker: then it stands for the topic.
  HashIndex<Subscription, ByTopic> alone_;
  HashIndex<Crowd, ByTopic> crowds_;  ///< its own: the others
  Pressure pressure_;
  std::size_t size_ = 0;
  std::size_t queued_bytes_ = 0;
};

}  // namespace phyllo::broker
