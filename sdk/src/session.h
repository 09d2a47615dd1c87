#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/payload.h"
#include "sdk/src/clock.h"
#include "sdk/src/connection.h"
#include "sdk/src/connection_state.h"
#include "sdk/src/counters.h"
#include "sdk/src/events.h"
#include "sdk/src/frames.h"
#include "sdk/src/mailbox.h"
#include "sdk/src/outbox.h"
#include "sdk/src/questions.h"
#include "sdk/src/subscriptions.h"

namespace phyllo::internal {

/// Where a connection is held; which of the two is which changes with every move.
enum class Slot : std::uint8_t { kFirst, kSecond };
inline constexpr std::array kSlots{Slot::kFirst, Slot::kSecond};

/// The client's side of the protocol, without sockets: frames of its connections in, frames out.
/// Lives as long as the client; what a program wants survives its connections. Owned by the
/// reactor; reads no clock.
///
/// There is one connection, the main one, unless its broker says that it will stop. Then that one
/// becomes the old one, which serves on while the main one is set up at another broker; it is left
/// when everything is there, so that nothing is missed (make before break).
class Session {
 public:
  struct Around {
    std::shared_ptr<Outbox> outbox;
    std::shared_ptr<Events> events;
    std::shared_ptr<ConnectionState> state;
    std::shared_ptr<Counters> counters;
  };
  /// Whether there is another broker to move to.
  enum class Brokers { kOne, kSeveral };
  struct Setup {
    std::string name;
    std::chrono::milliseconds connect_timeout{0};
    Brokers brokers = Brokers::kOne;
  };
  Session(Setup setup, Around around);

  // --- connections ---
  /// The slot that is to have a connection to the broker whose turn it is.
  Slot main() const { return main_; }
  void opened(Instant now, Slot slot, std::string endpoint);
  void received(Instant now, Slot slot, std::string_view header,
                const std::optional<Payload>& body);
  /// Something came that was altered on its way: the connection ends.
  void altered(Slot slot);
  /// Bytes that are no message of ours at all.
  void malformed() { ++around_.counters->malformed_frames; }
  /// The connection is broken.
  void broken(Slot slot, std::string why) { at(slot).broken(std::move(why)); }
  /// Whether it must be closed; then send what `next_outgoing` still gives, close, and call
  /// `closed`.
  bool ending(Slot slot) const { return at(slot).ending().has_value(); }
  struct Life {
    bool welcome = false;  ///< the connection reached its welcome
    std::chrono::nanoseconds length{0};
  };
  Life closed(Instant now, Slot slot);
  /// In order; nothing: all is said for now. What was returned counts as sent.
  std::optional<Outgoing> next_outgoing(Instant now, Slot slot);

  // --- the program ---
  void command(Instant now, Command command);
  /// The program is closing the client.
  bool shut() const { return shut_; }
  /// Ends every question with `why`, and hands over the subscriptions for the caller to end.
  std::vector<std::shared_ptr<Feed>> give_up(const Status& why);

  Instant next_tick() const;
  void tick(Instant now);

 private:
  Connection& at(Slot slot) { return connections_[static_cast<std::size_t>(slot)]; }
  const Connection& at(Slot slot) const { return connections_[static_cast<std::size_t>(slot)]; }
  Slot old() const { return main_ == Slot::kFirst ? Slot::kSecond : Slot::kFirst; }
  bool has_old() const { return at(old()).phase() != Connection::Phase::kNone; }
  Subscriptions::Lines lines() { return {at(main_).control(), at(old()).control()}; }
  Subscriptions::Source source(Slot slot) const;

  void handle(Instant now, Slot slot, Welcome frame);
  void handle(Instant now, Slot slot, Refused frame);
  void handle(Instant now, Slot slot, const PublishAck& frame);
  void handle(Instant now, Slot slot, const SubscribeAck& frame);
  void handle(Instant now, Slot slot, const GapNotice& frame);
  void handle(Instant now, Slot slot, const Ping& frame);
  void handle(Instant now, Slot slot, const Pong& frame);
  void handle(Instant now, Slot slot, Answer frame);
  void handle(Instant now, Slot slot, const CastDone& frame);
  void handle(Instant now, Slot slot, Drain frame);
  void handle(Instant now, Slot slot, BrokerBye frame);
  void deliver(Instant now, Slot slot, const Deliver& frame, const std::optional<Payload>& body);
  void offer(Slot slot, const Offer& frame, const std::optional<Payload>& body);
  void leave(Slot slot);
  void step_aside();
  void move_on(Instant now);
  void publish_through(Slot slot);

  const Setup setup_;
  const Around around_;
  Subscriptions subscriptions_;
  Questions questions_;

  std::array<Connection, 2> connections_;
  Slot main_ = Slot::kFirst;
  Slot publishes_ = Slot::kFirst;  ///< what the outbox sends goes there
  struct Window {
    std::size_t bytes = 0;
    std::size_t message_bytes = 0;
  } window_;                          ///< of the main connection
  Instant publish_by_ = kNoDeadline;  ///< when to stop waiting for what the old one owes
  Instant leave_by_ = kNoDeadline;    ///< when to leave the old one, whatever is missing
  bool shut_ = false;
};

}  // namespace phyllo::internal
