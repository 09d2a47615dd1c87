#pragma once

#include <cstddef>
#include <map>
#include <utility>

#include "base/time.h"
#include "broker/core/outbox.h"
#include "broker/core/subscription.h"

namespace phyllo::broker {

/// Which subscriptions are behind, and how long each of them may keep publishers waiting for that.
/// One that gets on, only not as fast as is published, may hold publishers back for part of the
/// time, so that nothing is lost when all of them together have more to do than the machine can.
/// One that stands still may not, nor one that has had its share: what happens to those is their
/// policy's. Not thread-safe.
class Pressure {
 public:
  /// So many are looked after at most; others hold nobody back.
  static constexpr std::size_t kMost = 1024;

  /// After something came into its queue.
  void filled(Subscription& subscription, Outbox& out);
  /// After something left it.
  void drained(const Subscription& subscription, const Outbox& out);
  void forget(const Subscription& subscription);
  /// Says again what still is so.
  void tick(Outbox& out);
  Time next_tick() const { return next_; }

 private:
  using Key = std::pair<SessionId, client::SubscriptionNumber>;
  struct Entry {
    const Subscription* subscription;
    Time since;       ///< it has been behind
    Time moved;       ///< something left its queue
    Duration held{};  ///< so long it has held publishers back since then
  };
  static Key key_of(const Subscription& subscription);
  static bool may_hold(Time now, const Entry& entry);

  std::map<Key, Entry> behind_;
  Time next_ = kNever;
};

}  // namespace phyllo::broker
