#include "broker/core/subscribers.h"

#include <memory>
#include <string>

#include "base/check.h"

namespace phyllo::broker {

using client::SubscriptionNumber;
using multicast::TopicId;

namespace {

/// Who is silent for so many heartbeats would not answer an offer in time.
constexpr int kHeartbeatsToStandstill = 3;

}  // namespace

Subscribers::~Subscribers() {
  crowds_.for_each([](Crowd& crowd) { delete &crowd; });
}

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
  Subscription& added = session.add(
      Subscription(session, wish.subscription, id, wish.policy.value_or(limits_.slow_policy), queue,
                   wish.credit_bytes, wish.takes_casts ? Casts::kTaken : Casts::kIgnored));
  ++size_;
  out.ask_below(SubscriberAdded{*std::move(name), id, add(added)});
}

/// Returns how many the topic has now.
std::size_t Subscribers::add(Subscription& subscription) {
  const TopicId& topic = subscription.topic();
  Crowd* crowd = crowds_.find(topic);
  if (crowd == nullptr) {
    Subscription* const only = alone_.remove(topic);
    if (only == nullptr) {
      alone_.insert(subscription);
      return 1;
    }
    crowd = std::make_unique<Crowd>(topic).release();
    crowds_.insert(*crowd);
    crowd->add(*only);
  }
  crowd->add(subscription);
  return crowd->size();
}

Outcome Subscribers::admit(const Session& session, const client::Subscribe& wish) const {
  const auto error = [](ErrorCode code, std::string text) { return Error{code, std::move(text)}; };
  if (wish.subscription == 0) {
    return error(ErrorCode::kInvalidArgument, "a subscription's number must not be 0");
  }
  if (session.find(wish.subscription) != nullptr) {
    return error(ErrorCode::kInvalidArgument, "subscription number " +
                                                  std::to_string(wish.subscription) +
                                                  " is already in use in this session");
  }
  if (wish.queue_bytes > limits_.queue_bytes_maximum) {
    return error(ErrorCode::kTooLarge, "a subscription's queue may have at most " +
                                           std::to_string(limits_.queue_bytes_maximum) + " bytes");
  }
  if (session.subscriptions() >= limits_.subscriptions_per_client) {
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
  remove(*subscription, out);
}

void Subscribers::credit(Session& session, const client::Credit& credit, Outbox& out) {
  Subscription* subscription = session.find(credit.subscription);
  if (subscription == nullptr) {
    ++out.stats().stray_frames;
    return;
  }
  subscription->add_credit(credit.bytes);
  send_waiting(*subscription, out);
}

void Subscribers::leave(Session& session, Outbox& out) {
  for (Subscription* subscription : session.all_subscriptions()) remove(*subscription, out);
}

void Subscribers::live(const TopicId& topic, const multicast::StreamPosition& position,
                       Outbox& out) {
  const auto tell = [&](const Subscription& subscription) {
    out.tell(subscription.session(),
             client::SubscribeAck{subscription.number(), position, std::nullopt});
  };
  if (Crowd* crowd = crowds_.find(topic)) {
    for (const Subscription* subscription : crowd->waiting()) tell(*subscription);
    crowd->serve();
  } else if (Subscription* only = alone_.find(topic); only != nullptr && !only->served()) {
    tell(*only);
    only->serve();
  }
}

void Subscribers::refused(const TopicId& topic, const Error& why, Outbox& out) {
  std::vector<Subscription*> waiting;
  if (Crowd* crowd = crowds_.find(topic)) {
    waiting.assign(crowd->waiting().begin(), crowd->waiting().end());
  } else if (Subscription* only = alone_.find(topic); only != nullptr && !only->served()) {
    waiting.push_back(only);
  }
  for (Subscription* subscription : waiting) {
    out.count_refusal(why);
    out.tell(subscription->session(), client::SubscribeAck{subscription->number(), {}, why});
    remove(*subscription, out);
  }
}

template <class Serve>
void Subscribers::for_each_served(const TopicId& topic, Serve&& serve) const {
  if (Crowd* crowd = crowds_.find(topic)) {
    // Of very many topics nothing is in the processor's cache: what comes next is asked for early.
    constexpr int kEarly = 4;
    const auto& served = crowd->served();
    auto early = served.begin();
    const auto fetch = [&] {
      if (early != served.end()) __builtin_prefetch(*early++);
    };
    for (int i = 0; i < kEarly; ++i) fetch();
    for (Subscription* subscription : served) {
      fetch();
      serve(*subscription);
    }
  } else if (Subscription* only = alone_.find(topic); only != nullptr && only->served()) {
    serve(*only);
  }
}

void Subscribers::deliver(const TopicId& topic, const multicast::StreamBatch& batch, Outbox& out) {
  for_each_served(topic, [&](Subscription& subscription) {
    if (subscription.ready()) {
      subscription.charge(batch.batch.body);
      out.tell(subscription.session(), client::Deliver{subscription.number(), batch});
    } else {
      keep(subscription, out, [&] { return subscription.keep(batch, here_); });
    }
  });
}

void Subscribers::deliver_gap(const TopicId& topic, const multicast::Gap& gap, Outbox& out) {
  for_each_served(topic, [&](Subscription& subscription) {
    if (subscription.ready()) {
      out.tell(subscription.session(), client::GapNotice{subscription.number(), gap});
    } else {
      keep(subscription, out, [&] { return subscription.keep_gap(gap); });
    }
  });
}

std::deque<Taker> Subscribers::takers(const TopicId& topic, std::uint32_t wanted) const {
  /// In place of those that decline.
  constexpr std::size_t kSpare = 64;
  if (Crowd* crowd = crowds_.find(topic)) {
    return crowd->takers(wanted + kSpare);
  }
  const Subscription* only = alone_.find(topic);
  const bool takes = only != nullptr && only->served() && only->takes_casts() && only->ready();
  return takes ? std::deque{taker_of(*only)} : std::deque<Taker>();
}

bool Subscribers::offer(const multicast::Offer& offer, const Taker& taker, Outbox& out) {
  Subscription* asked = alone_.find(offer.topic);
  if (Crowd* crowd = crowds_.find(offer.topic)) {
    asked = crowd->ask(taker);
  }
  if (asked == nullptr || taker_of(*asked) != taker || !asked->ready()) return false;
  const Duration silence = out.now() - asked->session().last_heard();
  if (silence > limits_.heartbeat * kHeartbeatsToStandstill) return false;
  asked->charge(offer.payload);
  out.tell(asked->session(), client::Offer{taker.second, offer.offer, offer.payload});
  return true;
}

/// Puts something into the subscription's queue by `push`, and ends the session if it may not wait.
template <class Push>
void Subscribers::keep(Subscription& subscription, Outbox& out, Push&& push) {
  queued_bytes_ -= subscription.queued_bytes();
  const bool kept = push();
  queued_bytes_ += subscription.queued_bytes();
  out.stats().slow_dropped_messages += subscription.take_dropped();
  if (kept) return pressure_.filled(subscription, out);
  ++out.stats().slow_disconnects;
  const Error why{ErrorCode::kQueueFull, "subscription " + std::to_string(subscription.number()) +
                                             " is too slow: its queue is full"};
  out.condemn(subscription.session(), why);
}

void Subscribers::send_waiting(Subscription& subscription, Outbox& out) {
  queued_bytes_ -= subscription.queued_bytes();
  const SubscriptionNumber number = subscription.number();
  while (auto item = subscription.next()) {
    if (auto* batch = std::get_if<multicast::StreamBatch>(&*item)) {
      out.tell(subscription.session(), client::Deliver{number, std::move(*batch)});
    } else {
      out.tell(subscription.session(), client::GapNotice{number, std::get<multicast::Gap>(*item)});
    }
  }
  queued_bytes_ += subscription.queued_bytes();
  pressure_.drained(subscription, out);
}

void Subscribers::remove(Subscription& subscription, Outbox& out) {
  const std::size_t left = take_out(subscription);
  --size_;
  queued_bytes_ -= subscription.queued_bytes();
  pressure_.forget(subscription);
  out.ask_below(SubscriberRemoved{subscription.topic(), left});
  subscription.session().remove(subscription.number());
}

/// Returns how many the topic has left.
std::size_t Subscribers::take_out(Subscription& subscription) {
  const TopicId& topic = subscription.topic();
  Crowd* const crowd = crowds_.find(topic);
  if (crowd == nullptr) {
    const Subscription* only = alone_.remove(topic);
    PHYLLO_CHECK(only == &subscription);
    return 0;
  }
  crowd->remove(subscription);
  if (crowd->size() > 1) return crowd->size();
  alone_.insert(*(crowd->served().empty() ? crowd->waiting() : crowd->served()).front());
  const std::unique_ptr<Crowd> dissolved(crowds_.remove(topic));
  return 1;
}

}  // namespace phyllo::broker
