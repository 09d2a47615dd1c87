#include "broker/core/session.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/check.h"

namespace phyllo::broker {

void Session::greet(std::string name) {
  greeted_ = true;
  name_ = std::move(name);
}

Session::~Session() {
  for (Subscription* subscription : subscriptions_.all()) delete subscription;
}

Subscription& Session::add(Subscription subscription) {
  PHYLLO_CHECK(find(subscription.number()) == nullptr);
  auto added = std::make_unique<Subscription>(std::move(subscription));
  subscriptions_.insert(*added);
  return *added.release();
}

void Session::remove(client::SubscriptionNumber number) {
  const std::unique_ptr<Subscription> removed(subscriptions_.remove(number));
}

std::vector<Subscription*> Session::all_subscriptions() const {
  std::vector<Subscription*> all = subscriptions_.all();
  std::ranges::sort(all, {}, &Subscription::number);
  return all;
}

}  // namespace phyllo::broker
