#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/hash_index.h"
#include "base/time.h"
#include "broker/core/effects.h"
#include "broker/core/publish_window.h"
#include "broker/core/subscription.h"

namespace phyllo::broker {

/// One program: whether it has introduced itself, when it was last heard, what it subscribed to and
/// what it published. Not thread-safe.
class Session {
 public:
  /// `secret`: unknown to programs, so that they cannot choose numbers that slow this broker down.
  Session(SessionId id, Time now, std::size_t publish_window, std::uint64_t secret)
      : id_(id), heard_(now), told_(now), subscriptions_(secret), window_(publish_window) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  SessionId id() const { return id_; }
  const std::string& name() const { return name_; }
  bool greeted() const { return greeted_; }
  void greet(std::string name);

  void heard(Time now) { heard_ = now; }
  void told(Time now) { told_ = now; }
  Time last_heard() const { return heard_; }
  Time last_told() const { return told_; }

  /// nullptr when there is none of that number.
  Subscription* find(client::SubscriptionNumber number) const {
    return subscriptions_.find(number);
  }
  /// Its number must not be taken. The address holds until removal.
  Subscription& add(Subscription subscription);
  void remove(client::SubscriptionNumber number);
  std::size_t subscriptions() const { return subscriptions_.size(); }
  /// By number.
  std::vector<Subscription*> all_subscriptions() const;
  PublishWindow& window() { return window_; }

 private:
  struct ByNumber {
    static client::SubscriptionNumber key(const Subscription& one) { return one.number(); }
    static std::uint64_t number(client::SubscriptionNumber key) { return key; }
  };

  SessionId id_;
  std::string name_;
  bool greeted_ = false;
  Time heard_;
  Time told_;
  HashIndex<Subscription, ByNumber> subscriptions_;  ///< its own
  PublishWindow window_;
};

}  // namespace phyllo::broker
