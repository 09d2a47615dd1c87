#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "broker/core/backlog.h"
#include "broker/core/client_messages.h"
#include "multicast/topic_id.h"

namespace phyllo::broker {

class Session;

/// Whether any- and manycasts may be offered to a subscription.
enum class Casts : std::uint8_t { kIgnored, kTaken };

/// One subscription of one program: what it may still be sent (credit) and what waits for that.
/// Credit may fall below zero by one batch, so that a batch bigger than all credit ever granted
/// gets through. There may be a million of them. Not thread-safe.
class Subscription {
 public:
  Subscription(Session& session, client::SubscriptionNumber number, multicast::TopicId topic,
               SlowPolicy policy, std::size_t queue_limit, std::uint64_t credit,
               Casts casts = Casts::kIgnored);

  Session& session() const { return *session_; }
  client::SubscriptionNumber number() const { return number_; }
  const multicast::TopicId& topic() const { return topic_; }
  SlowPolicy policy() const { return policy_; }
  bool takes_casts() const { return casts_ == Casts::kTaken; }
  /// Whether the topic's tree serves it; until then it waits for that.
  bool served() const { return served_; }
  void serve() { served_ = true; }

  void add_credit(std::uint64_t bytes);
  /// Whether the next batch can go out at once, past the backlog.
  bool ready() const { return credit_ > 0 && backlog_ == nullptr; }
  /// Takes the price of the body of a batch or of a cast that goes out.
  void charge(const Payload& body);
  /// Keep for later; false as `Backlog::push` says.
  [[nodiscard]] bool keep(multicast::StreamBatch batch, const LossPlace& here);
  [[nodiscard]] bool keep_gap(multicast::Gap gap);
  /// The oldest item that waits, charged for; nullopt when none waits or there is no credit.
  std::optional<Backlog::Item> next();

  std::size_t queue_limit() const { return queue_limit_; }
  std::size_t queued_bytes() const { return backlog_ ? backlog_->bytes() : 0; }
  /// Messages dropped by the policy since the last call, while something waits.
  std::uint64_t take_dropped() { return backlog_ ? backlog_->take_dropped() : 0; }

 private:
  Backlog& backlog();

  Session* session_;
  multicast::TopicId topic_;
  std::size_t queue_limit_;
  std::int64_t credit_ = 0;
  /// Only while something waits: most of a million subscriptions never need one.
  std::unique_ptr<Backlog> backlog_;
  client::SubscriptionNumber number_;
  SlowPolicy policy_;
  Casts casts_;
  bool served_ = false;
};

}  // namespace phyllo::broker
