#include "sdk/src/session.h"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

#include "base/batch_body.h"
#include "sdk/src/codec.h"

namespace phyllo::internal {
namespace {

using Kind = ConnectionEvent::Kind;
using std::chrono::milliseconds;

/// What a broker may ask for, whatever it says.
constexpr milliseconds kFastestHeartbeat{50};
constexpr milliseconds kSlowestHeartbeat{60'000};
constexpr int kHeartbeatsToDeath = 3;
/// How long a broker that stops is given to acknowledge what it has.
constexpr milliseconds kDrainPatience{500};
/// So many frames of ours may wait before pings are no longer answered.
constexpr std::size_t kMostPongs = 1024;

Status unavailable(std::string why) { return {StatusCode::kUnavailable, std::move(why)}; }

}  // namespace

Session::Session(std::string name, milliseconds connect_timeout, Around around)
    : name_(std::move(name)), connect_timeout_(connect_timeout), around_(std::move(around)) {}

// --- one connection ---

void Session::opened(Instant now, std::string endpoint) {
  phase_ = Phase::kGreeting;
  broker_ = BrokerInfo{};
  broker_.endpoint = std::move(endpoint);
  last_received_ = last_sent_ = now;
  drained_ = kNoDeadline;
  ending_.reset();
  control_.push_back({encode_hello(name_), {}});
}

void Session::received(Instant now, std::string_view header, const std::optional<Payload>& body) {
  if (phase_ == Phase::kNone || ending_) return;
  last_received_ = now;
  std::optional<BrokerFrame> frame = decode_broker_frame(header);
  if (!frame) return malformed();
  const bool greets =
      std::holds_alternative<Welcome>(*frame) || std::holds_alternative<Refused>(*frame);
  if (phase_ == Phase::kGreeting && !greets) return malformed();
  if (const auto* batch = std::get_if<Deliver>(&*frame)) return deliver(*batch, body);
  if (body) return malformed();
  std::visit(
      [&](auto& what) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(what)>, Deliver>) {
          handle(now, std::move(what));
        }
      },
      *frame);
}

void Session::handle(Instant now, Welcome frame) {
  if (phase_ != Phase::kGreeting) return malformed();
  if (frame.version != kProtocolVersion) {
    return end(Kind::kRefused,
               {StatusCode::kRefused, "the broker speaks version " + std::to_string(frame.version) +
                                          " of the client protocol"});
  }
  phase_ = Phase::kReady;
  ready_since_ = now;
  heartbeat_ = std::clamp(frame.heartbeat, kFastestHeartbeat, kSlowestHeartbeat);
  broker_.node_id = std::move(frame.node_id);
  broker_.region = std::move(frame.region);
  broker_.cluster = std::move(frame.cluster);
  broker_.session = frame.session;
  broker_.max_message_bytes = frame.max_message_bytes;
  ++around_.counters->connects;
  subscriptions_.connected(control_);
  questions_.connected(now, control_);
  around_.outbox->connected(frame.publish_window_bytes, frame.max_message_bytes);
  around_.state->connected(broker_);
  around_.events->post(ConnectionEvent{Kind::kConnected, broker_, {}});
}

void Session::handle(Instant, Refused frame) {
  if (frame.request != 0) return questions_.refused(frame.request, std::move(frame.why));
  end(Kind::kRefused, std::move(frame.why));
}

void Session::handle(Instant, const PublishAck& frame) {
  if (auto refused = around_.outbox->acknowledge(frame)) {
    around_.events->post(std::move(*refused));
  }
}

void Session::handle(Instant now, const SubscribeAck& frame) {
  subscriptions_.acknowledged(now, frame);
}

void Session::deliver(const Deliver& frame, const std::optional<Payload>& body) {
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  if (!body || !check_batch_body(body->view(), frame.count, kAny)) return malformed();
  if (!subscriptions_.deliver(frame, *body)) {
    malformed();
    end(Kind::kDisconnected, {StatusCode::kMalformed, "the broker sent more than its credit"});
  }
}

void Session::handle(Instant, const GapNotice& frame) {
  if (!subscriptions_.gap(frame)) {
    malformed();
    end(Kind::kDisconnected, {StatusCode::kMalformed, "the broker sent too many gaps"});
  }
}

void Session::handle(Instant, const Ping& frame) {
  if (control_.size() < kMostPongs) control_.push_back({encode_pong(frame.nonce), {}});
}

void Session::handle(Instant now, const Pong& frame) { questions_.pong(now, frame.nonce); }

void Session::handle(Instant, Answer frame) { questions_.answered(std::move(frame)); }

void Session::handle(Instant now, Drain frame) {
  if (drained_ != kNoDeadline) return;
  drained_ = now + kDrainPatience;
  around_.outbox->hold();
  Status why = unavailable("the broker stops: " + frame.reason);
  around_.events->post(ConnectionEvent{Kind::kDraining, broker_, std::move(why)});
}

void Session::handle(Instant, BrokerBye frame) {
  end(Kind::kDisconnected, unavailable("the broker said goodbye: " + frame.reason));
}

void Session::broken(std::string why) {
  if (phase_ == Phase::kNone) return;
  end(phase_ == Phase::kReady ? Kind::kDisconnected : Kind::kFailed, unavailable(std::move(why)));
}

void Session::end(Kind kind, Status why) {
  if (ending_) return;
  // The reason stands alone in logs and statuses: say whose it is.
  Status whose(why.code(), broker_.endpoint + ": " + why.message());
  ending_ = Ending{kind, std::move(whose)};
}

void Session::say_bye() {
  control_.clear();
  control_.push_back({encode_bye(), {}});
}

Session::Life Session::closed(Instant now) {
  Life life;
  life.welcome = phase_ == Phase::kReady;
  if (life.welcome) life.length = now - ready_since_;
  phase_ = Phase::kNone;
  control_.clear();
  subscriptions_.disconnected();
  questions_.disconnected();
  around_.outbox->disconnected();
  if (!life.welcome) ++around_.counters->failed_attempts;
  const Ending ending = ending_.value_or(Ending{Kind::kDisconnected, unavailable("not connected")});
  ending_.reset();
  around_.state->disconnected(ending.why);
  if (!shut_) around_.events->post(ConnectionEvent{ending.kind, broker_, ending.why});
  return life;
}

std::optional<Outgoing> Session::next_outgoing(Instant now) {
  if (!control_.empty()) {
    Outgoing frame = std::move(control_.front());
    control_.pop_front();
    last_sent_ = now;
    return frame;
  }
  if (phase_ != Phase::kReady || ending_) return {};
  auto publication = around_.outbox->take();
  if (!publication) return {};
  last_sent_ = now;
  return Outgoing{encode_publish(*publication), std::move(publication->body)};
}

// --- the program ---

void Session::command(Instant now, Command command) {
  if (auto* join = std::get_if<Join>(&command)) {
    subscriptions_.join(std::move(join->feed), control_);
  } else if (const auto* leave = std::get_if<Leave>(&command)) {
    subscriptions_.leave(leave->subscription, control_);
  } else if (const auto* credit = std::get_if<CreditDue>(&command)) {
    subscriptions_.credit_due(credit->subscription, control_);
  } else if (auto* ask = std::get_if<Ask>(&command)) {
    questions_.ask(now, std::move(*ask), control_);
  } else {
    shut_ = true;
    if (phase_ != Phase::kNone) {
      say_bye();
      end(Kind::kDisconnected, {StatusCode::kClosed, "the client was closed"});
    }
  }
  around_.counters->subscriptions = subscriptions_.size();
}

std::vector<std::shared_ptr<Feed>> Session::give_up(const Status& why) {
  questions_.end_all(why);
  return subscriptions_.take_all();
}

// --- time ---

Instant Session::next_tick() const {
  Instant next = std::min(subscriptions_.next_tick(), questions_.next_tick());
  if (phase_ == Phase::kGreeting) next = std::min(next, last_sent_ + connect_timeout_);
  if (phase_ == Phase::kReady) {
    next = std::min({next, last_sent_ + heartbeat_ / 2,
                     last_received_ + kHeartbeatsToDeath * heartbeat_, drained_});
  }
  return next;
}

void Session::tick(Instant now) {
  const Status connection = around_.state->status();
  subscriptions_.tick(now, connection, control_);
  questions_.tick(now, connection);
  around_.counters->subscriptions = subscriptions_.size();
  if (phase_ == Phase::kGreeting && now >= last_sent_ + connect_timeout_) {
    broken("no welcome within " + std::to_string(connect_timeout_.count()) + " ms");
  }
  if (phase_ == Phase::kReady && !ending_) heartbeat(now);
}

void Session::heartbeat(Instant now) {
  if (now >= last_received_ + kHeartbeatsToDeath * heartbeat_) {
    return broken("nothing heard for " + std::to_string((now - last_received_) / milliseconds(1)) +
                  " ms");
  }
  if (drained_ != kNoDeadline && (now >= drained_ || around_.outbox->nothing_flies())) {
    say_bye();
    return end(Kind::kDisconnected, unavailable("left a broker that stops"));
  }
  // Counted as said now, so that a stalled link does not pile up pings.
  if (now >= last_sent_ + heartbeat_ / 2) {
    control_.push_back({encode_ping(0), {}});
    last_sent_ = now;
  }
}

}  // namespace phyllo::internal
