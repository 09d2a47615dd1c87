#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/payload.h"
#include "phyllo/connection_event.h"
#include "sdk/src/clock.h"
#include "sdk/src/connection_state.h"
#include "sdk/src/counters.h"
#include "sdk/src/events.h"
#include "sdk/src/frames.h"
#include "sdk/src/mailbox.h"
#include "sdk/src/outbox.h"
#include "sdk/src/questions.h"
#include "sdk/src/subscriptions.h"

namespace phyllo::internal {

/// The client's side of the protocol, without sockets: frames of one connection after the other in,
/// frames out. Lives as long as the client; what a program wants survives its connections. Owned by
/// the I/O thread; reads no clock.
class Session {
 public:
  struct Around {
    std::shared_ptr<Outbox> outbox;
    std::shared_ptr<Events> events;
    std::shared_ptr<ConnectionState> state;
    std::shared_ptr<Counters> counters;
  };
  Session(std::string name, std::chrono::milliseconds connect_timeout, Around around);

  // --- one connection ---
  void opened(Instant now, std::string endpoint);
  void received(Instant now, std::string_view header, const std::optional<Payload>& body);
  /// Bytes that are no message of ours at all.
  void malformed() { ++around_.counters->malformed_frames; }
  /// The connection is broken.
  void broken(std::string why);
  /// Set when the connection must be closed; then send what `next_outgoing` still gives, close, and
  /// call `closed`.
  bool ending() const { return ending_.has_value(); }
  struct Life {
    bool welcome = false;  ///< the connection reached its welcome
    std::chrono::nanoseconds length{0};
  };
  Life closed(Instant now);
  /// In order; nothing: all is said for now. What was returned counts as sent.
  std::optional<Outgoing> next_outgoing(Instant now);

  // --- the program ---
  void command(Instant now, Command command);
  /// The program is closing the client.
  bool shut() const { return shut_; }
  /// Ends every question with `why`, and hands over the subscriptions for the caller to end.
  std::vector<std::shared_ptr<Feed>> give_up(const Status& why);

  Instant next_tick() const;
  void tick(Instant now);

 private:
  enum class Phase { kNone, kGreeting, kReady };
  struct Ending {
    ConnectionEvent::Kind kind;
    Status why;
  };
  void handle(Instant now, Welcome frame);
  void handle(Instant now, Refused frame);
  void handle(Instant now, const PublishAck& frame);
  void handle(Instant now, const SubscribeAck& frame);
  void handle(Instant now, const GapNotice& frame);
  void handle(Instant now, const Ping& frame);
  void handle(Instant now, const Pong& frame);
  void handle(Instant now, Answer frame);
  void handle(Instant now, Drain frame);
  void handle(Instant now, BrokerBye frame);
  void deliver(const Deliver& frame, const std::optional<Payload>& body);
  void end(ConnectionEvent::Kind kind, Status why);
  void say_bye();
  void heartbeat(Instant now);

  const std::string name_;
  const std::chrono::milliseconds connect_timeout_;
  const Around around_;
  Subscriptions subscriptions_;
  Questions questions_;

  Phase phase_ = Phase::kNone;
  BrokerInfo broker_;
  std::chrono::milliseconds heartbeat_{0};
  Instant ready_since_;
  Instant last_received_;
  Instant last_sent_;
  Instant drained_ = kNoDeadline;  ///< when to leave a broker that stops
  std::deque<Outgoing> control_;   ///< everything but publications; goes first
  std::optional<Ending> ending_;
  bool shut_ = false;
};

}  // namespace phyllo::internal
