#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>

#include "base/payload.h"
#include "base/time.h"
#include "broker/core/outbox.h"
#include "broker/core/subscribers.h"
#include "multicast/effects.h"

namespace phyllo::broker {

/// The any- and manycasts that wait for answers of programs here. Each is offered to as many
/// subscriptions at a time as may still take it, and to another one for each that declines. The
/// forest bounds how many there are. Not thread-safe.
class Offers {
 public:
  explicit Offers(Subscribers& subscribers) : subscribers_(subscribers) {}

  void open(const multicast::Offer& offer, Outbox& out);
  void answer(const Session& session, const client::OfferAnswer& answer, Outbox& out);
  /// The session is over: what was not answered is declined.
  void leave(SessionId session, Outbox& out);
  void tick(Outbox& out);
  Time next_tick() const { return deadlines_.empty() ? kNever : deadlines_.begin()->first; }

 private:
  struct Open {
    multicast::Offer offer;
    std::uint32_t taken = 0;
    std::deque<Taker> to_ask;
    std::set<Taker> asked;  ///< without an answer yet
  };
  using Entries = std::map<std::uint64_t, Open>;

  void go_on(Entries::iterator at, Outbox& out);
  void close(Entries::iterator at, Outbox& out);

  Subscribers& subscribers_;
  Entries open_;
  std::set<std::pair<Time, std::uint64_t>> deadlines_;
};

}  // namespace phyllo::broker
