#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "phyllo/connection_event.h"
#include "sdk/src/clock.h"
#include "sdk/src/frames.h"

namespace phyllo::internal {

/// One connection to one broker, without its socket: how far the greeting is, whether the broker is
/// alive, what waits to be said, and how it ends. Used for one connection after the other. The
/// reactor's; reads no clock.
class Connection {
 public:
  enum class Phase { kNone, kGreeting, kReady };
  struct Ending {
    ConnectionEvent::Kind kind;
    Status why;
  };

  void open(Instant now, std::string endpoint, const std::string& client_name);
  void welcomed(Instant now, Welcome frame);
  void draining() { draining_ = true; }
  /// Must be closed. Only the first call counts.
  void end(ConnectionEvent::Kind kind, Status why);
  void broken(std::string why);
  /// Says goodbye instead of whatever was still to be said, but for answers.
  void say_bye();
  void close();

  Phase phase() const { return phase_; }
  bool ready() const { return phase_ == Phase::kReady && !ending_; }
  /// The broker told that it will stop.
  bool drains() const { return draining_; }
  const BrokerInfo& broker() const { return broker_; }
  Instant ready_since() const { return ready_since_; }
  const std::optional<Ending>& ending() const { return ending_; }

  /// Everything but publications; goes first.
  std::deque<Outgoing>& control() { return control_; }
  /// To a broker that waits for it; goes before everything else.
  void answer(Outgoing frame) { answers_.push_back(std::move(frame)); }
  std::size_t answers() const { return answers_.size(); }
  std::optional<Outgoing> next_control();
  void heard(Instant now) {
    last_received_ = now;
    forgiven_ = false;
  }
  void said(Instant now) { last_sent_ = now; }

  Instant next_tick(std::chrono::milliseconds connect_timeout) const;
  void tick(Instant now, std::chrono::milliseconds connect_timeout);

 private:
  Phase phase_ = Phase::kNone;
  BrokerInfo broker_;
  std::chrono::milliseconds heartbeat_{0};
  Instant looked_{};       ///< the last tick
  bool forgiven_ = false;  ///< a standstill, since something was heard
  Instant ready_since_;
  Instant last_received_;
  Instant last_sent_;
  bool draining_ = false;
  std::deque<Outgoing> answers_;
  std::deque<Outgoing> control_;
  std::optional<Ending> ending_;
};

}  // namespace phyllo::internal
