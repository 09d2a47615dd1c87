#include "broker/core/subscribers.h"

#include <string>

namespace phyllo::broker {

using client::SubscriptionNumber;
using multicast::TopicId;

void Subscribers::subscribe(Session& session, const client::Subscribe& wish, Outbox& out) {
  const auto refuse = [&](Error why) {
    out.count_refusal(why);
    out.tell(session, client::SubscribeAck{wish.subscription, {}, std::move(why)});
  };
  auto name = gate_.admit(wish.topic);
  if (!name) return refuse(name.error());
  if (const Outcome admitted = admit(session, wish); !admitted) return refuse(admitted.error());

  const TopicId id = TopicId::of(*name);
  const std::size_t queue = wish.queue_bytes != 0 ? wish.queue_bytes : limits_.queue_bytes;
  Subscription* added = session.add(
      Subscription(wish.subscription, id, wish.policy.value_or(limits_.slow_policy), queue,
                   wish.credit_bytes, wish.takes_casts ? Casts::kTaken : Casts::kIgnored));
  PHYLLO_CHECK(added != nullptr);
  Topic& topic = topics_.try_emplace(id, Topic{*name, {}, {}, {}, {}}).first->second;
  topic.waiting.emplace(std::pair(session.id(), wish.subscription), Subscriber{&session, added});
  ++size_;
  out.ask_below(SubscribersChanged{topic.name, topic.count()});
}

Outcome Subscribers::admit(const Session& session, const client::Subscribe& wish) const {
  const auto error = [](ErrorCode code, std::string text) { return Error{code, std::move(text)}; };
  if (wish.subscription == 0) {
    return error(ErrorCode::kInvalidArgument, "a subscription's number must not be 0");
  }
  if (session.subscriptions().contains(wish.subscription)) {
    return error(ErrorCode::kInvalidArgument, "subscription number " +
                                                  std::to_string(wish.subscription) +
                                                  " is already in use in this session");
  }
  if (wish.queue_bytes > limits_.queue_bytes_maximum) {
    return error(ErrorCode::kTooLarge, "a subscription's queue may have at most " +
                                           std::to_string(limits_.queue_bytes_maximum) + " bytes");
  }
  if (session.subscriptions().size() >= limits_.subscriptions_per_client) {
    return error(ErrorCode::kLimit, "a client may have at most " +
                                        std::to_string(limits_.subscriptions_per_client) +
                                        " subscriptions");
  }
  if (size_ >= limits_.subscriptions) {
    return error(ErrorCode::kLimit, "this broker serves at most " +
                                        std::to_string(limits_.subscriptions) + " subscriptions");
  }
  return Done{};
}

void Subscribers::unsubscribe(Session& session, SubscriptionNumber number, Outbox& out) {
  Subscription* subscription = session.find(number);
  if (subscription == nullptr) {
    ++out.stats().stray_frames;
    return;
  }
  remove(session, *subscription, out);
}

void Subscribers::credit(Session& session, const client::Credit& credit, Outbox& out) {
  Subscription* subscription = session.find(credit.subscription);
  if (subscription == nullptr) {
    ++out.stats().stray_frames;
    return;
  }
  subscription->add_credit(credit.bytes);
  send_waiting({&session, subscription}, out);
}

void Subscribers::leave(Session& session, Outbox& out) {
  while (!session.subscriptions().empty()) {
    remove(session, session.subscriptions().begin()->second, out);
  }
}

void Subscribers::live(const TopicId& id, const multicast::StreamPosition& position, Outbox& out) {
  const auto found = topics_.find(id);
  if (found == topics_.end()) return;
  Topic& topic = found->second;
  for (const auto& [key, subscriber] : topic.waiting) {
    out.tell(*subscriber.session, client::SubscribeAck{key.second, position, std::nullopt});
    if (subscriber.subscription->takes_casts()) topic.takers.emplace(key, subscriber);
  }
  topic.served.merge(topic.waiting);
}

void Subscribers::refused(const TopicId& id, const Error& why, Outbox& out) {
  const auto found = topics_.find(id);
  if (found == topics_.end() || found->second.waiting.empty()) return;
  const Members waiting = found->second.waiting;
  for (const auto& [key, subscriber] : waiting) {
    out.count_refusal(why);
    out.tell(*subscriber.session, client::SubscribeAck{key.second, {}, why});
    remove(*subscriber.session, *subscriber.subscription, out);
  }
}

void Subscribers::deliver(const TopicId& id, const multicast::StreamBatch& batch, Outbox& out) {
  const auto found = topics_.find(id);
  if (found == topics_.end()) return;
  for (const auto& [key, subscriber] : found->second.served) {
    Subscription& subscription = *subscriber.subscription;
    if (subscription.ready()) {
      subscription.charge(batch.batch.body);
      out.tell(*subscriber.session, client::Deliver{key.second, batch});
    } else {
      keep(subscriber, out, [&] { return subscription.keep(batch, here_); });
    }
  }
}

void Subscribers::deliver_gap(const TopicId& id, const multicast::Gap& gap, Outbox& out) {
  const auto found = topics_.find(id);
  if (found == topics_.end()) return;
  for (const auto& [key, subscriber] : found->second.served) {
    Subscription& subscription = *subscriber.subscription;
    if (subscription.ready()) {
      out.tell(*subscriber.session, client::GapNotice{key.second, gap});
    } else {
      keep(subscriber, out, [&] { return subscription.keep_gap(gap); });
    }
  }
}

std::deque<Taker> Subscribers::takers(const TopicId& id, std::uint32_t wanted) const {
  /// In place of those that decline.
  constexpr std::size_t kSpare = 64;
  std::deque<Taker> takers;
  const auto found = topics_.find(id);
  if (found == topics_.end()) return takers;
  const Members& members = found->second.takers;
  const auto first = members.upper_bound(found->second.last_asked);
  const auto add = [&](auto from, auto to) {
    for (auto at = from; at != to && takers.size() < wanted + kSpare; ++at) {
      if (at->second.subscription->ready()) takers.push_back(at->first);
    }
  };
  add(first, members.end());
  add(members.begin(), first);
  return takers;
}

bool Subscribers::offer(const multicast::Offer& offer, const Taker& taker, Outbox& out) {
  const auto found = topics_.find(offer.topic);
  if (found == topics_.end()) return false;
  Topic& topic = found->second;
  const auto member = topic.takers.find(taker);
  if (member == topic.takers.end() || !member->second.subscription->ready()) return false;
  topic.last_asked = taker;
  member->second.subscription->charge(offer.payload);
  out.tell(*member->second.session, client::Offer{taker.second, offer.offer, offer.payload});
  return true;
}

/// Puts something into the subscription's queue by `push`, and ends the session if it may not wait.
template <class Push>
void Subscribers::keep(const Subscriber& subscriber, Outbox& out, Push&& push) {
  Subscription& subscription = *subscriber.subscription;
  queued_bytes_ -= subscription.queued_bytes();
  const bool kept = push();
  queued_bytes_ += subscription.queued_bytes();
  out.stats().slow_dropped_messages += subscription.take_dropped();
  if (kept) return;
  ++out.stats().slow_disconnects;
  const Error why{ErrorCode::kQueueFull, "subscription " + std::to_string(subscription.number()) +
                                             " is too slow: its queue is full"};
  out.condemn(*subscriber.session, why);
}

void Subscribers::send_waiting(const Subscriber& subscriber, Outbox& out) {
  Subscription& subscription = *subscriber.subscription;
  queued_bytes_ -= subscription.queued_bytes();
  const SubscriptionNumber number = subscription.number();
  while (auto item = subscription.next()) {
    if (auto* batch = std::get_if<multicast::StreamBatch>(&*item)) {
      out.tell(*subscriber.session, client::Deliver{number, std::move(*batch)});
    } else {
      out.tell(*subscriber.session, client::GapNotice{number, std::get<multicast::Gap>(*item)});
    }
  }
  queued_bytes_ += subscription.queued_bytes();
}

void Subscribers::remove(Session& session, Subscription& subscription, Outbox& out) {
  const std::pair key(session.id(), subscription.number());
  const auto found = topics_.find(subscription.topic());
  PHYLLO_CHECK(found != topics_.end());
  Topic& topic = found->second;
  topic.waiting.erase(key);
  topic.served.erase(key);
  topic.takers.erase(key);
  --size_;
  queued_bytes_ -= subscription.queued_bytes();
  out.ask_below(SubscribersChanged{topic.name, topic.count()});
  if (topic.count() == 0) topics_.erase(found);
  session.remove(key.second);
}

}  // namespace phyllo::broker
