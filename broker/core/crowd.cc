#include "broker/core/crowd.h"

namespace phyllo::broker {

void Crowd::add(Subscription& subscription) {
  (subscription.served() ? served_ : waiting_).insert(&subscription);
  if (subscription.served() && subscription.takes_casts()) takers_.insert(&subscription);
}

void Crowd::remove(Subscription& subscription) {
  waiting_.erase(&subscription);
  served_.erase(&subscription);
  takers_.erase(&subscription);
}

void Crowd::serve() {
  for (Subscription* subscription : waiting_) {
    subscription->serve();
    if (subscription->takes_casts()) takers_.insert(subscription);
  }
  served_.merge(waiting_);
}

std::deque<Taker> Crowd::takers(std::size_t limit) const {
  std::deque<Taker> takers;
  const auto first = takers_.upper_bound(last_asked_);
  const auto add = [&](auto from, auto to) {
    for (auto at = from; at != to && takers.size() < limit; ++at) {
      if ((*at)->ready()) takers.push_back(taker_of(**at));
    }
  };
  add(first, takers_.end());
  add(takers_.begin(), first);
  return takers;
}

Subscription* Crowd::ask(const Taker& taker) {
  const auto member = takers_.find(taker);
  if (member == takers_.end()) return nullptr;
  if ((*member)->ready()) last_asked_ = taker;
  return *member;
}

}  // namespace phyllo::broker
