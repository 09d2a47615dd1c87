#include "broker/core/session.h"

#include <utility>

namespace phyllo::broker {

void Session::greet(std::string name) {
  greeted_ = true;
  name_ = std::move(name);
}

Subscription* Session::find(client::SubscriptionNumber number) {
  const auto found = subscriptions_.find(number);
  return found == subscriptions_.end() ? nullptr : &found->second;
}

Subscription* Session::add(Subscription subscription) {
  const auto number = subscription.number();
  const auto [place, fresh] = subscriptions_.try_emplace(number, std::move(subscription));
  return fresh ? &place->second : nullptr;
}

}  // namespace phyllo::broker
