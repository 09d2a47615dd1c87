#include "sdk/src/connection.h"

#include <algorithm>
#include <utility>

#include "sdk/src/codec.h"

namespace phyllo::internal {
namespace {

using Kind = ConnectionEvent::Kind;
using std::chrono::milliseconds;

/// What a broker may ask for, whatever it says.
constexpr milliseconds kFastestHeartbeat{50};
constexpr milliseconds kSlowestHeartbeat{60'000};
constexpr int kHeartbeatsToDeath = 3;

}  // namespace

void Connection::open(Instant now, std::string endpoint, const std::string& client_name) {
  *this = Connection();
  phase_ = Phase::kGreeting;
  broker_.endpoint = std::move(endpoint);
  last_received_ = last_sent_ = now;
  control_.push_back({encode_hello(client_name), {}});
}

void Connection::welcomed(Instant now, Welcome frame) {
  phase_ = Phase::kReady;
  ready_since_ = looked_ = now;
  heartbeat_ = std::clamp(frame.heartbeat, kFastestHeartbeat, kSlowestHeartbeat);
  broker_.node_id = std::move(frame.node_id);
  broker_.region = std::move(frame.region);
  broker_.cluster = std::move(frame.cluster);
  broker_.session = frame.session;
  broker_.max_message_bytes = frame.max_message_bytes;
  broker_.answers_within = frame.answers_within;
}

void Connection::end(Kind kind, Status why) {
  if (phase_ == Phase::kNone || ending_) return;
  // The reason stands alone in logs and statuses: say whose it is.
  Status whose(why.code(), broker_.endpoint + ": " + why.message());
  ending_ = Ending{kind, std::move(whose)};
}

void Connection::broken(std::string why) {
  end(phase_ == Phase::kReady ? Kind::kDisconnected : Kind::kFailed,
      {StatusCode::kUnavailable, std::move(why)});
}

void Connection::say_bye() {
  control_.clear();
  control_.push_back({encode_bye(), {}});
}

void Connection::close() {
  phase_ = Phase::kNone;
  draining_ = false;
  answers_.clear();
  control_.clear();
  ending_.reset();
}

std::optional<Outgoing> Connection::next_control() {
  std::deque<Outgoing>& next = answers_.empty() ? control_ : answers_;
  if (next.empty()) return {};
  Outgoing frame = std::move(next.front());
  next.pop_front();
  return frame;
}

Instant Connection::next_tick(milliseconds connect_timeout) const {
  if (phase_ == Phase::kGreeting) return last_sent_ + connect_timeout;
  if (phase_ == Phase::kNone) return kNoDeadline;
  return std::min(last_sent_ + heartbeat_ / 2, last_received_ + kHeartbeatsToDeath * heartbeat_);
}

void Connection::tick(Instant now, milliseconds connect_timeout) {
  if (phase_ == Phase::kGreeting && now >= last_sent_ + connect_timeout) {
    broken("no welcome within " + std::to_string(connect_timeout.count()) + " ms");
  }
  if (!ready()) return;
  // Who was stopped itself has not listened: what waits in the socket comes after this look.
  const bool slept = now >= std::exchange(looked_, now) + heartbeat_;
  // Once: where each look comes late, a broker that is gone would never be left.
  if (slept && !std::exchange(forgiven_, true)) {
    last_received_ = std::max(last_received_, now - (kHeartbeatsToDeath - 1) * heartbeat_);
  }
  if (now >= last_received_ + kHeartbeatsToDeath * heartbeat_) {
    return broken("nothing heard for " + std::to_string((now - last_received_) / milliseconds(1)) +
                  " ms");
  }
  // Counted as said now, so that a stalled link does not pile up pings.
  if (now >= last_sent_ + heartbeat_ / 2) {
    control_.push_back({encode_ping(0), {}});
    last_sent_ = now;
  }
}

}  // namespace phyllo::internal
