#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/time.h"
#include "broker/core/broker_config.h"
#include "broker/core/broker_stats.h"
#include "broker/core/offers.h"
#include "broker/core/publications.h"
#include "broker/core/session.h"
#include "broker/core/session_effects.h"
#include "broker/core/subscribers.h"
#include "broker/core/topic_gate.h"
#include "overlay/wire.h"

namespace phyllo::broker {

/// What a broker says of itself when it welcomes a program.
struct Host {
  std::string cluster;
  overlay::NodeId node;
  std::string region;
  Duration answers{};  ///< questions about trees are answered in that time
};

/// The programs connected to this broker. Knows neither the overlay nor the forest: what it wants
/// of them is an effect, what they have for it is a call. One owner; not thread-safe.
class Sessions {
 public:
  /// `fence` keeps programs here from topics of other regions; `secret` is unknown to them.
  Sessions(const ClientLimits& limits, Host host, std::uint64_t secret, regions::Fence fence = {});
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  // --- programs ---
  void connected(Time now, SessionId session, SessionEffects& out);
  void message(Time now, SessionId session, overlay::Wire wire, SessionEffects& out);
  void gone(Time now, SessionId session, SessionEffects& out);

  // --- what the forest has for them ---
  void deliver(Time now, const multicast::TopicId& topic, const multicast::StreamBatch& batch,
               SessionEffects& out);
  void deliver_gap(Time now, const multicast::TopicId& topic, const multicast::Gap& gap,
                   SessionEffects& out);
  void subscription_live(Time now, const multicast::TopicId& topic,
                         const multicast::StreamPosition& position, SessionEffects& out);
  void subscription_refused(Time now, const multicast::TopicId& topic, const Error& why,
                            SessionEffects& out);
  void publish_taken(Time now, const PublisherTopic& publisher, multicast::Sequence up_to,
                     const multicast::Reception& reception, SessionEffects& out);

  /// An any- or manycast for programs here; `OfferAnswered` follows in time.
  void offer(Time now, const multicast::Offer& offer, SessionEffects& out);

  // --- what they have for the forest ---
  /// The batch to publish now, nullptr when there is none; answered by `published` at once.
  const Ingress::Waiting* next_publication() const { return publications_.next(); }
  /// What the forest said to it. After kQueueFull it is kept and offered again when there is room.
  void published(Time now, const Outcome& outcome, SessionEffects& out);

  // --- questions ---
  void answer(Time now, SessionId session, client::Answer answer, SessionEffects& out);
  void cast_done(Time now, SessionId session, client::CastDone done, SessionEffects& out);
  void refuse(Time now, SessionId session, std::uint32_t request, Error why, SessionEffects& out);

  // --- time, and the end ---
  void tick(Time now, SessionEffects& out);
  Time next_tick() const;
  /// Asks all programs to move to another broker and refuses new ones from now on.
  void drain(Time now, const std::string& reason, SessionEffects& out);
  /// Ends all sessions.
  void close_all(Time now, const std::string& reason, SessionEffects& out);

  std::size_t size() const { return sessions_.size(); }
  ClientStats stats() const;

 private:
  Session* find(SessionId session);
  void handle(Session& session, client::ClientFrame frame, Outbox& out);
  void greet(Session& session, const client::Hello& hello, Outbox& out);
  void ask(Session& session, client::Query query, Outbox& out);
  void cast(Session& session, client::Cast cast, Outbox& out);
  void end_condemned(Outbox& out);
  void remove(Session& session, Outbox& out);
  void check_liveness(Outbox& out);

  const ClientLimits limits_;
  const Host host_;
  const TopicGate gate_;
  const std::uint64_t secret_;
  ClientStats counters_;
  Subscribers subscribers_;
  Publications publications_;
  Offers offers_{subscribers_};
  std::map<SessionId, Session> sessions_;
  std::optional<std::string> draining_;
  Time next_liveness_ = kNever;
  Time next_retry_ = kNever;
};

}  // namespace phyllo::broker
