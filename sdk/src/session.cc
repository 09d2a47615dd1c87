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
using Phase = Connection::Phase;
using std::chrono::milliseconds;

/// How long a broker that stops is given to acknowledge what it has.
constexpr milliseconds kDrainPatience{500};
/// How long a move may take once the new broker has said welcome.
constexpr milliseconds kMovePatience{1000};
/// So many frames of ours may wait before pings and offers are no longer answered.
constexpr std::size_t kMostAnswers = 1024;

Status unavailable(std::string why) { return {StatusCode::kUnavailable, std::move(why)}; }

}  // namespace

Session::Session(Setup setup, Around around)
    : setup_(std::move(setup)), around_(std::move(around)) {}

// --- connections ---

void Session::opened(Instant now, Slot slot, std::string endpoint) {
  around_.state->trying(endpoint);
  at(slot).open(now, std::move(endpoint), setup_.name);
}

Subscriptions::Source Session::source(Slot slot) const {
  return slot == main_ ? Subscriptions::Source::kMain : Subscriptions::Source::kOld;
}

void Session::received(Instant now, Slot slot, std::string_view header,
                       const std::optional<Payload>& body) {
  Connection& connection = at(slot);
  if (connection.phase() == Phase::kNone || connection.ending()) return;
  connection.heard(now);
  auto frame = decode_broker_frame(header, body.value_or(Payload()));
  if (!frame && frame.error().code == ErrorCode::kAltered) return altered(slot);
  if (!frame) return malformed();
  const bool greets =
      std::holds_alternative<Welcome>(*frame) || std::holds_alternative<Refused>(*frame);
  if (connection.phase() == Phase::kGreeting && !greets) return malformed();
  if (const auto* batch = std::get_if<Deliver>(&*frame)) return deliver(now, slot, *batch, body);
  if (const auto* cast = std::get_if<Offer>(&*frame)) return offer(slot, *cast, body);
  if (body) return malformed();
  std::visit(
      [&](auto& what) {
        using What = std::decay_t<decltype(what)>;
        if constexpr (!std::is_same_v<What, Deliver> && !std::is_same_v<What, Offer>) {
          handle(now, slot, std::move(what));
        }
      },
      *frame);
}

/// What it said is lost, so no more can be built on this connection; another one makes up for it.
void Session::altered(Slot slot) {
  ++around_.counters->altered_frames;
  at(slot).end(Kind::kDisconnected,
               {StatusCode::kMalformed, "what the broker sent was altered on its way"});
}

void Session::handle(Instant now, Slot slot, Welcome frame) {
  Connection& connection = at(slot);
  if (connection.phase() != Phase::kGreeting) return malformed();
  if (frame.version != kProtocolVersion) {
    return connection.end(Kind::kRefused, {StatusCode::kRefused, "the broker speaks version " +
                                                                     std::to_string(frame.version) +
                                                                     " of the client protocol"});
  }
  window_ = {frame.publish_window_bytes, frame.max_message_bytes};
  connection.welcomed(now, std::move(frame));
  ++around_.counters->connects;
  subscriptions_.connected(connection.control());
  questions_.connected(now, connection.control());
  if (has_old()) leave_by_ = now + kMovePatience;
  if (has_old() && publishes_ == old()) {
    around_.outbox->hold();
    publish_by_ = now + kDrainPatience;
  } else {
    publish_through(slot);
  }
  around_.state->connected(connection.broker());
  around_.events->post(ConnectionEvent{Kind::kConnected, connection.broker(), {}});
}

void Session::handle(Instant, Slot slot, Refused frame) {
  if (frame.request != 0) return questions_.refused(frame.request, std::move(frame.why));
  at(slot).end(Kind::kRefused, std::move(frame.why));
}

void Session::handle(Instant now, Slot, const PublishAck& frame) {
  if (auto refused = around_.outbox->acknowledge(now, frame)) {
    around_.events->post(std::move(*refused));
  }
}

void Session::handle(Instant now, Slot slot, const SubscribeAck& frame) {
  // One of the old broker comes too late: the subscription was asked for again at the new one.
  if (slot == main_) subscriptions_.acknowledged(now, frame);
}

void Session::deliver(Instant now, Slot slot, const Deliver& frame,
                      const std::optional<Payload>& body) {
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  if (!body || !check_batch_body(body->view(), frame.count, kAny)) return malformed();
  if (!subscriptions_.deliver(now, source(slot), frame, *body)) {
    malformed();
    at(slot).end(Kind::kDisconnected,
                 {StatusCode::kMalformed, "the broker sent more than its credit"});
  }
}

/// Answered from here, whatever the program is doing: it has the message once it is in its queue.
void Session::offer(Slot slot, const Offer& frame, const std::optional<Payload>& body) {
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  if (!body || !check_batch_body(body->view(), 1, kAny)) return malformed();
  if (at(slot).answers() >= kMostAnswers) return;
  const Taking taking = subscriptions_.offer(source(slot), frame, *body);
  at(slot).answer({encode_offer_answer(frame, taking), {}});
}

void Session::handle(Instant, Slot slot, const GapNotice& frame) {
  if (!subscriptions_.gap(source(slot), frame)) {
    malformed();
    at(slot).end(Kind::kDisconnected, {StatusCode::kMalformed, "the broker sent too many gaps"});
  }
}

void Session::handle(Instant, Slot slot, const Ping& frame) {
  auto& control = at(slot).control();
  if (control.size() < kMostAnswers) control.push_back({encode_pong(frame.nonce), {}});
}

void Session::handle(Instant now, Slot, const Pong& frame) { questions_.pong(now, frame.nonce); }

void Session::handle(Instant, Slot, Answer frame) { questions_.answered(std::move(frame)); }

void Session::handle(Instant, Slot, const CastDone& frame) { questions_.cast_done(frame); }

void Session::handle(Instant now, Slot slot, Drain frame) {
  Connection& connection = at(slot);
  if (connection.drains()) return;
  connection.draining();
  if (setup_.brokers == Brokers::kOne) {
    around_.outbox->hold();
    publish_by_ = now + kDrainPatience;
  }
  Status why = unavailable("the broker stops: " + frame.reason);
  around_.events->post(ConnectionEvent{Kind::kDraining, connection.broker(), std::move(why)});
}

void Session::handle(Instant, Slot slot, BrokerBye frame) {
  at(slot).end(Kind::kDisconnected, unavailable("the broker said goodbye: " + frame.reason));
}

Session::Life Session::closed(Instant now, Slot slot) {
  Connection& connection = at(slot);
  Life life;
  life.welcome = connection.phase() == Phase::kReady;
  if (life.welcome) life.length = now - connection.ready_since();
  const Connection::Ending ending = connection.ending().value_or(
      Connection::Ending{Kind::kDisconnected, unavailable("not connected")});
  connection.close();
  if (!life.welcome) ++around_.counters->failed_attempts;
  if (slot == main_) {
    subscriptions_.disconnected();
    questions_.disconnected();
    questions_.lost(Questions::Gone::kLast);
  } else {
    subscriptions_.old_gone();
    questions_.lost(Questions::Gone::kEarlier);
  }
  publish_by_ = leave_by_ = kNoDeadline;
  if (publishes_ == slot) around_.outbox->disconnected();
  const Connection& main = at(main_);
  const bool serves = main.ready() || has_old();
  if (publishes_ == slot && slot != main_ && main.ready()) publish_through(main_);
  if (!serves) around_.state->disconnected(ending.why);
  // A connection that another has replaced ends unnoticed.
  const bool replaced = slot != main_ && main.ready();
  if (!shut_ && !replaced) {
    around_.events->post(ConnectionEvent{ending.kind, connection.broker(), ending.why});
  }
  return life;
}

std::optional<Outgoing> Session::next_outgoing(Instant now, Slot slot) {
  Connection& connection = at(slot);
  std::optional<Outgoing> next = connection.next_control();
  if (!next && connection.ready() && slot == publishes_) {
    if (auto publication = around_.outbox->take(now)) {
      next = Outgoing{encode_publish(*publication), std::move(publication->body)};
    }
  }
  if (next) connection.said(now);
  return next;
}

// --- moving to another broker ---

void Session::leave(Slot slot) {
  if (at(slot).ending()) return;
  at(slot).say_bye();
  at(slot).end(Kind::kDisconnected, unavailable("left a broker that stops"));
}

/// The main connection's broker will stop: another connection becomes the main one.
void Session::step_aside() {
  subscriptions_.step_aside();
  questions_.disconnected();
  main_ = old();
}

void Session::publish_through(Slot slot) {
  publishes_ = slot;
  publish_by_ = kNoDeadline;
  around_.outbox->connected(window_.bytes, window_.message_bytes);
}

void Session::move_on(Instant now) {
  const Connection& main = at(main_);
  if (main.ready() && main.drains()) {
    if (setup_.brokers == Brokers::kSeveral) {
      // A broker that is still being left must be gone first: there are only two slots.
      return has_old() ? leave(old()) : step_aside();
    }
    if (now >= publish_by_ || around_.outbox->nothing_flies()) return leave(main_);
  }
  if (!has_old() || !main.ready()) return;
  if (publishes_ != main_ && (now >= publish_by_ || around_.outbox->nothing_flies())) {
    around_.outbox->disconnected();
    publish_through(main_);
  }
  const bool moved = publishes_ == main_ && subscriptions_.moving() == 0;
  if (moved || now >= leave_by_) leave(old());
}

// --- the program ---

void Session::command(Instant now, Command command) {
  if (auto* join = std::get_if<Join>(&command)) {
    subscriptions_.join(std::move(join->feed), at(main_).control());
  } else if (const auto* leaving = std::get_if<Leave>(&command)) {
    subscriptions_.leave(leaving->subscription, lines());
  } else if (const auto* credit = std::get_if<CreditDue>(&command)) {
    subscriptions_.credit_due(credit->subscription, lines());
  } else if (auto* ask = std::get_if<Ask>(&command)) {
    questions_.ask(now, std::move(*ask), at(main_).control());
  } else {
    shut_ = true;
    for (const Slot slot : kSlots) {
      if (at(slot).phase() == Phase::kNone) continue;
      at(slot).say_bye();
      at(slot).end(Kind::kDisconnected, {StatusCode::kClosed, "the client was closed"});
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
  Instant next = std::min({subscriptions_.next_tick(), questions_.next_tick(),
                           around_.outbox->next_tick(), publish_by_, leave_by_});
  for (const Slot slot : kSlots) next = std::min(next, at(slot).next_tick(setup_.connect_timeout));
  return next;
}

void Session::tick(Instant now) {
  const Status connection = around_.state->status();
  subscriptions_.tick(now, connection, at(main_).control());
  questions_.tick(now, connection);
  around_.outbox->tick(now);
  around_.counters->subscriptions = subscriptions_.size();
  for (const Slot slot : kSlots) at(slot).tick(now, setup_.connect_timeout);
  move_on(now);
}

}  // namespace phyllo::internal
