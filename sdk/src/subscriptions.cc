#include "sdk/src/subscriptions.h"

#include <algorithm>

#include "sdk/src/codec.h"

namespace phyllo::internal {
namespace {

constexpr std::chrono::milliseconds kFirstRetry{100};
constexpr std::uint32_t kMostDoublings = 5;  // 3.2 s

/// Worth asking again: another moment or another broker may answer differently. A subscription that
/// was live before has more reason to hope than a new one, whose caller waits for the answer.
bool may_pass(StatusCode code, bool was_live) {
  if (code == StatusCode::kUnavailable || code == StatusCode::kTimeout) return true;
  return was_live && code != StatusCode::kInvalidArgument;
}

}  // namespace

void Subscriptions::join(std::shared_ptr<Feed> feed, Frames& out) {
  const std::uint32_t id = feed->id();
  arm(feed->deadline(), id);
  const auto [at, added] = entries_.try_emplace(id);
  at->second.feed = std::move(feed);
  if (connected_) send(at->second, out);
}

void Subscriptions::leave(std::uint32_t subscription, Frames& out) {
  const auto at = entries_.find(subscription);
  if (at == entries_.end()) return;
  if (at->second.sent) out.push_back({encode_unsubscribe(subscription), {}});
  timers_.erase({at->second.feed->deadline(), subscription});
  entries_.erase(at);
}

void Subscriptions::credit_due(std::uint32_t subscription, Frames& out) {
  const auto at = entries_.find(subscription);
  if (at == entries_.end()) return;
  const std::uint64_t bytes = at->second.feed->take_credit();
  if (bytes > 0 && at->second.sent) out.push_back({encode_credit(subscription, bytes), {}});
}

void Subscriptions::connected(Frames& out) {
  connected_ = true;
  for (auto& [id, entry] : entries_) send(entry, out);
}

void Subscriptions::disconnected() {
  connected_ = false;
  for (auto& [id, entry] : entries_) {
    entry.sent = false;
    entry.retry = kNoDeadline;
  }
}

void Subscriptions::send(Entry& entry, Frames& out) {
  entry.sent = true;
  entry.retry = kNoDeadline;
  out.push_back({encode_subscribe(entry.feed->begin_session()), {}});
}

void Subscriptions::acknowledged(Instant now, const SubscribeAck& ack) {
  const auto at = entries_.find(ack.subscription);
  if (at == entries_.end() || !at->second.sent) return;
  if (!ack.error.ok()) return refused(now, at, ack.error);
  at->second.was_live = true;
  at->second.refusals = 0;
  at->second.feed->live(ack.position);
}

void Subscriptions::refused(Instant now, Entries::iterator at, const Status& why) {
  Entry& entry = at->second;
  entry.sent = false;
  if (!may_pass(why.code(), entry.was_live)) return end(at, why);
  entry.problem = why;
  entry.retry = now + kFirstRetry * (1u << std::min(entry.refusals++, kMostDoublings));
  arm(entry.retry, at->first);
}

bool Subscriptions::deliver(const Deliver& batch, const Payload& body) {
  const auto at = entries_.find(batch.subscription);
  return at == entries_.end() || at->second.feed->deliver(batch, body);
}

bool Subscriptions::gap(const GapNotice& notice) {
  const auto at = entries_.find(notice.subscription);
  return at == entries_.end() || at->second.feed->gap(notice.gap);
}

Instant Subscriptions::next_tick() const {
  return timers_.empty() ? kNoDeadline : timers_.begin()->first;
}

void Subscriptions::tick(Instant now, const Status& connection, Frames& out) {
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const auto at = entries_.find(timers_.begin()->second);
    timers_.erase(timers_.begin());
    if (at == entries_.end()) continue;
    Entry& entry = at->second;
    if (!entry.was_live && entry.feed->deadline() <= now) {
      std::string why = "the subscription to " + entry.feed->topic() + " was not live in time";
      if (!connection.ok())
        why += ": " + connection.message();
      else if (!entry.problem.ok())
        why += ": " + entry.problem.message();
      if (entry.sent) out.push_back({encode_unsubscribe(at->first), {}});
      end(at, Status(StatusCode::kTimeout, std::move(why)));
    } else if (entry.retry <= now && connected_ && !entry.sent) {
      send(entry, out);
    }
  }
}

void Subscriptions::end(Entries::iterator at, Status why) {
  const std::shared_ptr<Feed> feed = std::move(at->second.feed);
  timers_.erase({feed->deadline(), at->first});
  entries_.erase(at);
  feed->end(std::move(why));
}

void Subscriptions::arm(Instant when, std::uint32_t subscription) {
  if (when != kNoDeadline) timers_.insert({when, subscription});
}

std::vector<std::shared_ptr<Feed>> Subscriptions::take_all() {
  std::vector<std::shared_ptr<Feed>> feeds;
  for (auto& [id, entry] : entries_) feeds.push_back(std::move(entry.feed));
  entries_.clear();
  timers_.clear();
  return feeds;
}

}  // namespace phyllo::internal
