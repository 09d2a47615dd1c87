#include "broker/core/crowd.h"

#include <algorithm>

namespace phyllo::broker {
namespace {

Taker place_of(const Subscription* one) { return taker_of(*one); }

void insert(Crowd::Members& members, Subscription& one) {
  const bool last = members.empty() || place_of(members.back()) < taker_of(one);
  const auto behind =
      last ? members.end() : std::ranges::lower_bound(members, taker_of(one), {}, place_of);
  members.insert(behind, &one);
}

void erase(Crowd::Members& members, Subscription& one) {
  const auto found = std::ranges::lower_bound(members, taker_of(one), {}, place_of);
  if (found != members.end() && *found == &one) members.erase(found);
}

}  // namespace

void Crowd::add(Subscription& subscription) {
  insert(subscription.served() ? served_ : waiting_, subscription);
  if (subscription.served() && subscription.takes_casts()) insert(takers_, subscription);
}

void Crowd::remove(Subscription& subscription) {
  erase(subscription.served() ? served_ : waiting_, subscription);
  if (subscription.served() && subscription.takes_casts()) erase(takers_, subscription);
}

void Crowd::serve() {
  for (Subscription* subscription : waiting_) {
    subscription->serve();
    insert(served_, *subscription);
    if (subscription->takes_casts()) insert(takers_, *subscription);
  }
  waiting_ = {};
}

std::deque<Taker> Crowd::takers(std::size_t limit) const {
  std::deque<Taker> takers;
  const auto first = std::ranges::upper_bound(takers_, last_asked_, {}, place_of);
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
  const auto member = std::ranges::lower_bound(takers_, taker, {}, place_of);
  if (member == takers_.end() || place_of(*member) != taker) return nullptr;
  if ((*member)->ready()) last_asked_ = taker;
  return *member;
}

}  // namespace phyllo::broker
