#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "multicast/stay_log.h"
#include "regions/borders_state.h"
#include "regions/convoy.h"
#include "regions/route_book.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// A topic's way from this region to another one: what was numbered here waits until the regional
/// root there has it, in order, and is sent once where nothing is lost. Bounded: messages that find
/// no room are counted, and their number goes in their place.
///
/// It may lead through other regions, whose brokers only pass on: the batches wait here until the
/// last of them says that it has them. When that takes too long, or something did not get there,
/// they go straight there, and stay on that way for a while, longer each time in a row.
class Crossing {
 public:
  static constexpr Ordinal kNoBound = std::numeric_limits<Ordinal>::max();

  Crossing(BordersState& state, const TopicId& topic, overlay::Contact to);

  const overlay::Contact& to() const { return to_; }
  /// The batch with what its publisher, and this root, know of where earlier messages went.
  void add(Turn& turn, Ordinal ordinal, multicast::Batch batch, Time since);
  /// Whether others may be between here and there, or this one between here and others.
  bool trusted(Time now) const { return now >= distrusted_until_; }
  /// The way from now on; what is under way on another one arrives first.
  void reroute(const Route& route);
  /// Takes the new way when nothing is on the old one.
  void turn_off();
  /// In use until a `reroute` has come to effect.
  const Route& route() const { return route_; }
  /// Tells all on the way what the topic is called, until one batch has got there.
  void introduce() { introduced_ = false; }
  /// Where `pump` has to stop: before the first batch for which there is no room under way.
  Ordinal bound() const;
  /// What may be sent by now, of what was added before `bound`.
  void pump(Turn& turn, Ordinal bound, Convoy& convoy);
  /// How the root until now went: what it acknowledged its successor has, or maybe nobody.
  enum class Farewell { kPassedOn, kSilent };
  /// The region has another root, or the same in a later life.
  void redirect(Turn& turn, const overlay::Contact& to, Farewell farewell);
  void on_ack(Turn& turn, const overlay::Contact& from, const multicast::PublishAck& ack);
  void on_nack(Turn& turn, const overlay::Contact& from, const multicast::PublishNack& nack);
  /// The link had no room for something.
  void on_dropped(Turn& turn, Attempt attempt);
  /// No answer came in time, or what was to be waited for is over.
  void tick(Turn& turn);
  Time next() const { return items_.empty() ? kNever : deadline_; }
  bool idle() const { return items_.empty(); }
  /// Takes what waits out of the accounts; nothing is sent any more.
  void close();

 private:
  struct Item {
    Ordinal ordinal = 0;
    std::variant<multicast::Batch, std::uint64_t> what;  ///< or so many missing messages
    Time since;
    bool repeated = false;
  };
  static std::size_t cost(const Item& item);

  void push(Item item);
  Item pop();
  /// What the root until now acknowledged.
  using Receipts = std::vector<decltype(BordersState::receipts)::Kept>;
  Receipts take_receipts(Time now) { return state_.receipts.take(now, {topic_, to_.region()}); }
  /// That goes to the next one, before all that waits; in a new attempt.
  void send_again(Receipts receipts);
  /// A later life of the root answers before anybody has named it: what the earlier one took is to
  /// be sent again, and what this one takes is not.
  bool risen(const overlay::Contact& from) const {
    return from.id() == to_.id() && from.incarnation() > to_.incarnation();
  }
  bool answers(const overlay::Contact& from, Attempt attempt) const {
    return attempt == attempt_ && from.id() == to_.id() && from.incarnation() >= to_.incarnation();
  }
  void restart();
  void forget_receipts() { state_.receipts.forget({topic_, to_.region()}); }
  bool fits(std::size_t place, std::size_t sent_bytes) const;
  std::variant<multicast::Publish, multicast::Missing> message(Time now, std::size_t place,
                                                               Duration extra) const;
  void count(Item& item);
  void distrust(Time now);
  void wait(Turn& turn, Duration delay);
  void taken(Turn& turn, std::uint64_t taken, const multicast::Reception& reception);
  /// Leaves out what says of messages that went this way that they went into this root's streams.
  void strip_own_stays(multicast::Batch& batch);

  BordersState& state_;
  TopicId topic_;
  overlay::Contact to_;
  std::deque<Item> items_;  ///< that the root there is not known to have
  std::size_t bytes_ = 0;
  Attempt attempt_;
  std::uint64_t base_ = 0;  ///< index of the first of them in this attempt
  std::size_t sent_ = 0;    ///< so many of them are under way
  std::size_t sent_bytes_ = 0;
  enum class Phase {
    kSending,
    kProbing,  ///< whether the first one under way is there is asked by sending it again
    kWaiting,
  };
  Phase phase_ = Phase::kSending;
  std::uint32_t failures_ = 0;
  Time deadline_ = kNever;
  Route route_;
  std::optional<Route> next_route_;
  bool introduced_ = false;
  Time distrusted_until_{};
  std::uint32_t distrusts_ = 0;  ///< in a row
  multicast::StayLog stays_;     ///< which streams there took what
  /// Each publisher's first message that went this way.
  std::map<multicast::PublisherId, multicast::Sequence> since_;
};

}  // namespace phyllo::regions
