#include "broker/core/pressure.h"

#include <set>

namespace phyllo::broker {
namespace {

/// A word to the publishers counts for longer than that.
constexpr Duration kAgain = std::chrono::milliseconds(1);
/// Who has taken nothing for so long stands still.
constexpr Duration kStandstill = std::chrono::milliseconds(100);
/// What a subscription may hold back at once, and then one part of the time in so many.
constexpr Duration kPatience = std::chrono::milliseconds(100);
constexpr int kShare = 4;
/// Behind from this part of the queue's limit on, until it is down to that.
constexpr std::size_t kBehind = 4;
constexpr std::size_t kCaughtUp = 8;

}  // namespace

Pressure::Key Pressure::key_of(const Subscription& subscription) {
  return {subscription.session().id(), subscription.number()};
}

bool Pressure::may_hold(Time now, const Entry& entry) {
  return now - entry.moved <= kStandstill && entry.held <= kPatience + (now - entry.since) / kShare;
}

void Pressure::filled(Subscription& subscription, Outbox& out) {
  if (subscription.policy() == SlowPolicy::kConflate) return;
  if (subscription.queued_bytes() < subscription.queue_limit() / kBehind) return;
  if (behind_.size() >= kMost) return;
  behind_.try_emplace(key_of(subscription), Entry{&subscription, out.now(), out.now()});
  if (next_ == kNever) next_ = out.now();
}

void Pressure::drained(const Subscription& subscription, const Outbox& out) {
  if (behind_.empty()) return;
  const auto found = behind_.find(key_of(subscription));
  if (found == behind_.end()) return;
  found->second.moved = out.now();
  if (subscription.queued_bytes() == 0) behind_.erase(found);
}

void Pressure::forget(const Subscription& subscription) {
  if (!behind_.empty()) behind_.erase(key_of(subscription));
}

void Pressure::tick(Outbox& out) {
  if (out.now() < next_) return;
  next_ = kNever;
  std::set<multicast::TopicId> topics;
  for (auto& [key, entry] : behind_) {
    const Subscription& one = *entry.subscription;
    if (one.queued_bytes() <= one.queue_limit() / kCaughtUp || !may_hold(out.now(), entry))
      continue;
    entry.held += kAgain;
    topics.insert(one.topic());
  }
  for (const auto& topic : topics) out.ask_below(PublishersHeld{topic});
  if (!topics.empty()) next_ = out.now() + kAgain;
}

}  // namespace phyllo::broker
