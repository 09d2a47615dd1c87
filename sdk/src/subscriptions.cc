#include "sdk/src/subscriptions.h"

#include <algorithm>

#include "sdk/src/codec.h"

namespace phyllo::internal {
namespace {

constexpr std::chrono::milliseconds kFirstRetry{100};
constexpr std::uint32_t kMostDoublings = 5;  // 3.2 s
/// The main connection stands in a stream that the old one has not come to: so long it may still.
constexpr std::chrono::milliseconds kSettling{250};

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

void Subscriptions::leave(std::uint32_t subscription, const Lines& out) {
  const auto at = entries_.find(subscription);
  if (at == entries_.end()) return;
  if (at->second.sent) out.main.push_back({encode_unsubscribe(subscription), {}});
  if (at->second.on_old) {
    out.old.push_back({encode_unsubscribe(subscription), {}});
    --moving_;
  }
  timers_.erase({at->second.feed->deadline(), subscription});
  entries_.erase(at);
}

void Subscriptions::credit_due(std::uint32_t subscription, const Lines& out) {
  const auto at = entries_.find(subscription);
  if (at == entries_.end()) return;
  const Entry& entry = at->second;
  const std::uint64_t bytes = entry.feed->take_credit();
  if (bytes == 0) return;
  if (entry.on_old) {
    out.old.push_back({encode_credit(subscription, bytes), {}});
  } else if (entry.sent) {
    out.main.push_back({encode_credit(subscription, bytes), {}});
  }
}

void Subscriptions::connected(Frames& out) {
  connected_ = true;
  for (auto* one : in_order()) send(one->second, out);
}

void Subscriptions::disconnected() {
  connected_ = false;
  for (auto& [id, entry] : entries_) {
    entry.sent = entry.live = false;
    entry.retry = entry.settled = kNoDeadline;
    if (entry.on_old) entry.feed->stay();
  }
}

// --- from the old connection to the main one ---

void Subscriptions::step_aside() {
  connected_ = false;
  for (auto& [id, entry] : entries_) {
    entry.on_old = entry.live;
    moving_ += entry.on_old ? 1 : 0;
    entry.sent = entry.live = false;
    entry.retry = kNoDeadline;
  }
}

void Subscriptions::old_gone() {
  for (auto* one : in_order()) {
    if (one->second.on_old) arrive(one->second);
  }
}

void Subscriptions::arrive(Entry& entry) {
  entry.on_old = false;
  entry.settled = kNoDeadline;
  --moving_;
  entry.feed->arrive();
}

void Subscriptions::send(Entry& entry, Frames& out) {
  entry.sent = true;
  entry.retry = kNoDeadline;
  Feed& feed = *entry.feed;
  out.push_back({encode_subscribe(entry.on_old ? feed.begin_move() : feed.begin_session()), {}});
}

void Subscriptions::acknowledged(Instant now, const SubscribeAck& ack) {
  const auto at = entries_.find(ack.subscription);
  if (at == entries_.end() || !at->second.sent) return;
  if (!ack.error.ok()) return refused(now, at, ack.error);
  Entry& entry = at->second;
  entry.live = entry.was_live = true;
  entry.refusals = 0;
  entry.feed->live(now, ack.position);
  if (!entry.on_old) return;
  if (entry.feed->caught_up()) return arrive(entry);
  entry.settled = now + kSettling;
  arm(entry.settled, at->first);
}

void Subscriptions::refused(Instant now, Entries::iterator at, const Status& why) {
  Entry& entry = at->second;
  entry.sent = entry.live = false;
  if (entry.on_old) entry.feed->stay();
  if (!may_pass(why.code(), entry.was_live)) return end(at, why);
  entry.problem = why;
  entry.retry = now + kFirstRetry * (1u << std::min(entry.refusals++, kMostDoublings));
  arm(entry.retry, at->first);
}

bool Subscriptions::deliver(Instant now, Source source, const Deliver& batch, const Payload& body) {
  const auto at = entries_.find(batch.subscription);
  if (at == entries_.end()) return true;
  Entry& entry = at->second;
  if (source == Source::kMain) {
    return entry.on_old ? entry.feed->deliver_ahead(now, batch, body)
                        : entry.feed->deliver(now, batch, body);
  }
  if (!entry.on_old) return true;
  const bool past = entry.feed->covered(batch.stream, batch.first);
  if (!past && !entry.feed->deliver(now, batch, body)) return false;
  if (past || entry.feed->caught_up()) arrive(entry);
  return true;
}

bool Subscriptions::gap(Source source, const GapNotice& notice) {
  const auto at = entries_.find(notice.subscription);
  if (at == entries_.end()) return true;
  Entry& entry = at->second;
  const Gap& gap = notice.gap;
  if (source == Source::kMain) {
    return entry.on_old ? entry.feed->gap_ahead(gap) : entry.feed->gap(gap);
  }
  if (!entry.on_old) return true;
  if (gap.scope == Gap::Scope::kStream && entry.feed->covered(gap.stream, gap.to)) {
    arrive(entry);
    return true;
  }
  // What a publisher's numbers lack here may have come there.
  if (gap.scope == Gap::Scope::kPublisher && entry.live) arrive(entry);
  const bool kept = entry.feed->gap(gap);
  if (entry.on_old && entry.feed->caught_up()) arrive(entry);
  return kept;
}

Taking Subscriptions::offer(Source source, const Offer& offer, const Payload& body) {
  const auto at = entries_.find(offer.subscription);
  if (at == entries_.end()) return Taking::kDeclined;
  const Entry& entry = at->second;
  if (source == Source::kOld && !entry.on_old) return Taking::kDeclined;
  const bool ahead = source == Source::kMain && entry.on_old;
  const auto from = ahead ? Feed::From::kNext : Feed::From::kServing;
  return entry.feed->take_cast(from, body) ? Taking::kTaken : Taking::kDeclined;
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
    } else if (entry.on_old && entry.settled <= now && !entry.feed->behind()) {
      arrive(entry);
    }
  }
}

void Subscriptions::end(Entries::iterator at, Status why) {
  const std::shared_ptr<Feed> feed = std::move(at->second.feed);
  if (at->second.on_old) --moving_;
  timers_.erase({feed->deadline(), at->first});
  entries_.erase(at);
  feed->end(std::move(why));
}

std::vector<Subscriptions::Entries::value_type*> Subscriptions::in_order() {
  std::vector<Entries::value_type*> all;
  all.reserve(entries_.size());
  for (auto& one : entries_) all.push_back(&one);
  std::ranges::sort(all, {}, [](const auto* one) { return one->first; });
  return all;
}

void Subscriptions::arm(Instant when, std::uint32_t subscription) {
  if (when != kNoDeadline) timers_.insert({when, subscription});
}

std::vector<std::shared_ptr<Feed>> Subscriptions::take_all() {
  std::vector<std::shared_ptr<Feed>> feeds;
  for (auto* one : in_order()) feeds.push_back(std::move(one->second.feed));
  entries_.clear();
  timers_.clear();
  moving_ = 0;
  return feeds;
}

}  // namespace phyllo::internal
