#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "base/time.h"
#include "broker/core/effects.h"
#include "broker/core/publish_window.h"
#include "broker/core/subscription.h"

namespace phyllo::broker {

/// One program: whether it has introduced itself, when it was last heard, what it subscribed to and
/// what it published. Not thread-safe.
class Session {
 public:
  Session(SessionId id, Time now, std::size_t publish_window)
      : id_(id), heard_(now), told_(now), window_(publish_window) {}

  SessionId id() const { return id_; }
  const std::string& name() const { return name_; }
  bool greeted() const { return greeted_; }
  void greet(std::string name);

  void heard(Time now) { heard_ = now; }
  void told(Time now) { told_ = now; }
  Time last_heard() const { return heard_; }
  Time last_told() const { return told_; }

  /// nullptr when there is none of that number.
  Subscription* find(client::SubscriptionNumber number);
  /// Null if the number is taken.
  Subscription* add(Subscription subscription);
  void remove(client::SubscriptionNumber number) { subscriptions_.erase(number); }
  /// By number; the addresses hold until removal.
  std::map<client::SubscriptionNumber, Subscription>& subscriptions() { return subscriptions_; }
  const std::map<client::SubscriptionNumber, Subscription>& subscriptions() const {
    return subscriptions_;
  }
  PublishWindow& window() { return window_; }

 private:
  SessionId id_;
  std::string name_;
  bool greeted_ = false;
  Time heard_;
  Time told_;
  std::map<client::SubscriptionNumber, Subscription> subscriptions_;
  PublishWindow window_;
};

}  // namespace phyllo::broker
