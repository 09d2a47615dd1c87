#include "sdk/src/reactor.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/envelope.h"

namespace phyllo::internal {
namespace {

/// One turn of receiving or sending, so that neither starves the other.
constexpr int kTurnFrames = 256;
/// And no more than this is received before somebody can handle it.
constexpr std::size_t kTurnBytes = 64 * 1024;
/// How long the end of a client waits for the broker's answer to its goodbye.
constexpr std::chrono::milliseconds kFarewell(250);

std::string_view view(const zmq::message_t& frame) {
  return {static_cast<const char*>(frame.data()), frame.size()};
}

std::string_view body_of(const Outgoing& message) {
  return message.body ? message.body->view() : std::string_view();
}

bool short_enough(const Outgoing& message) {
  return Envelope::takes(message.header.size(), body_of(message).size());
}

timespec time_left(Instant now, Instant until) {
  constexpr auto kSecond = std::chrono::nanoseconds(std::chrono::seconds(1)).count();
  const auto left =
      std::chrono::nanoseconds(std::max(until - now, Clock::duration::zero())).count();
  return {static_cast<time_t>(left / kSecond), static_cast<long>(left % kSecond)};
}

// News.
constexpr Baton::News kWoken = 1;
constexpr Baton::News kAlarm = 2;
constexpr Baton::News kMore = 4;
constexpr Baton::News kDue = 8;
constexpr Baton::News socket_of(Slot slot) { return 16u << static_cast<unsigned>(slot); }
constexpr Baton::News monitor_of(Slot slot) { return 64u << static_cast<unsigned>(slot); }

}  // namespace

Reactor::Reactor(Session session, Connector connector, Link::Limits limits,
                 std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Waker> waker)
    : session_(std::move(session)),
      connector_(std::move(connector)),
      limits_(limits),
      mailbox_(std::move(mailbox)),
      waker_(std::move(waker)),
      baton_(kMore) {
  if (!poller_.add(waker_->wake_fd(), kWoken) || !poller_.add(waker_->alarm_fd(), kAlarm)) {
    throw std::system_error(errno, std::generic_category(), "phyllo: epoll_ctl");
  }
}

bool Reactor::serve() {
  // Who comes again and again for what is left has to hear of the rest as well.
  const Baton::News news = baton_.left() ? poller_.look() : poller_.wait();
  if ((news & kWoken) != 0) waker_->woken();
  if ((news & kAlarm) != 0) waker_->rung();
  if (!baton_.take_up(news)) return false;
  // Who has the last turn keeps the baton.
  return turn(baton_.read()) == After::kOn && baton_.put_down() != 0;
}

void Reactor::send_due() noexcept {
  if (!baton_.take_up(kDue)) return;
  baton_.strike(kDue);
  for (const Slot slot : kSlots) send(Clock::now(), slot);
  settle();
  waker_->wake_by(next_wake());
  if (baton_.put_down() != 0) waker_->wake();
}

Reactor::After Reactor::turn(Baton::News news) {
  const Instant now = Clock::now();
  for (Command& command : mailbox_->take_all()) session_.command(now, std::move(command));
  if (session_.shut() && !linked()) {
    finish();
    return After::kOver;
  }
  for (const Slot slot : kSlots) {
    if (at(slot).link && (news & monitor_of(slot)) != 0) at(slot).link->monitor_signalled();
  }
  keep_connected(now);
  for (const Slot slot : kSlots) {
    if ((news & socket_of(slot)) != 0) receive(slot);
  }
  tick(Clock::now());
  for (const Slot slot : kSlots) send(Clock::now(), slot);
  if (close_ending()) baton_.add(kMore);
  settle();
  waker_->wake_by(next_wake());
  return After::kOn;
}

void Reactor::finish() {
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
  }
  finished_changed_.notify_all();
}

void Reactor::join() {
  std::unique_lock lock(mutex_);
  finished_changed_.wait(lock, [&] { return finished_; });
}

bool Reactor::linked() const {
  return std::ranges::any_of(lines_, [](const Line& line) { return line.link.has_value(); });
}

void Reactor::keep_connected(Instant now) {
  for (const Slot slot : kSlots) {
    if (!at(slot).link) continue;
    if (const auto why = at(slot).link->broken()) session_.broken(slot, *why);
  }
  const Slot main = session_.main();
  if (!at(main).link && !session_.shut() && now >= connector_.when()) connect(now, main);
}

void Reactor::connect(Instant now, Slot slot) {
  Link& link = at(slot).link.emplace(connector_.broker(), connector_.family(), limits_);
  session_.opened(now, slot, connector_.broker());
  if (!poller_.add(link.socket_fd(), socket_of(slot)) ||
      !poller_.add(link.monitor_fd(), monitor_of(slot))) {
    session_.broken(slot, "the system has no room for another connection");
  }
  // ZeroMQ signals only those who once found nothing. Of the socket `settle` asks, after the hello.
  if (const auto why = link.broken()) session_.broken(slot, *why);
}

void Reactor::disconnect(Slot slot) {
  Line& line = at(slot);
  line.next.reset();
  line.stalled.reset();
  line.ahead.reset();
  if (session_.shut()) await_end(*line.link);
  poller_.remove(line.link->socket_fd());
  poller_.remove(line.link->monitor_fd());
  line.link.reset();
}

void Reactor::receive(Slot slot) {
  Line& line = at(slot);
  if (!line.link) return;
  const Instant now = Clock::now();
  std::size_t bytes = 0;
  for (int i = 0; i < kTurnFrames; ++i) {
    auto received = line.next ? std::exchange(line.next, {}) : line.link->receive();
    if (!received) return;
    if (bytes >= kTurnBytes) {
      line.next = std::move(received);
      break;
    }
    bytes += received->body ? received->body->size() : received->header.size();
    if (received->malformed) {
      session_.malformed();
    } else if (Envelope::is(view(received->header)) && !received->body) {
      open(now, slot, view(received->header));
    } else {
      session_.received(now, slot, view(received->header), received->body);
    }
  }
  baton_.add(socket_of(slot));
}

/// Bodies are copied out: one that waits would keep all others of its envelope.
void Reactor::open(Instant now, Slot slot, std::string_view envelope) {
  EnvelopeReader reader(envelope);
  std::string_view header;
  std::string_view body;
  while (reader.next(header, body)) {
    std::optional<Payload> copy;
    if (!body.empty()) copy = Payload::copy_of(body);
    session_.received(now, slot, header, copy);
  }
  if (reader.malformed()) session_.altered(slot);
}

void Reactor::tick(Instant now) {
  const Slot before = session_.main();
  session_.tick(now);
  if (session_.main() != before) connector_.leaving(now);
}

void Reactor::send(Instant now, Slot slot) {
  Line& line = at(slot);
  if (!line.link) return;
  for (int i = 0; i < kTurnFrames; ++i) {
    if (!line.stalled) line.stalled = next_frame(now, slot);
    if (!line.stalled || !line.link->send(*line.stalled)) return;
    line.stalled.reset();
  }
  baton_.add(kMore);
}

/// What is next to be said, together with what else there is when that is short.
std::optional<Outgoing> Reactor::next_frame(Instant now, Slot slot) {
  Line& line = at(slot);
  auto next = line.ahead ? std::exchange(line.ahead, {}) : session_.next_outgoing(now, slot);
  if (!next || !short_enough(*next)) return next;
  line.ahead = session_.next_outgoing(now, slot);
  if (!line.ahead || !short_enough(*line.ahead)) return next;
  EnvelopeWriter envelope;
  envelope.add(next->header, body_of(*next));
  while (line.ahead && short_enough(*line.ahead) &&
         envelope.fits(line.ahead->header.size(), body_of(*line.ahead).size())) {
    envelope.add(line.ahead->header, body_of(*line.ahead));
    line.ahead = session_.next_outgoing(now, slot);
  }
  return Outgoing{envelope.take(), {}};
}

/// True: something was closed.
bool Reactor::close_ending() {
  bool closed = false;
  for (const Slot slot : kSlots) {
    if (!session_.ending(slot)) continue;
    closed = true;
    disconnect(slot);
    const Instant now = Clock::now();
    const Session::Life life = session_.closed(now, slot);
    // The connector looks for the main connection's broker only.
    if (slot != session_.main()) continue;
    if (life.welcome) {
      connector_.lost(now, life.length);
    } else {
      connector_.failed(now);
    }
  }
  return closed;
}

/// A program that exits takes along what libzmq has not written by then. The broker ends the
/// connection when it has heard the goodbye.
void Reactor::await_end(Link& link) {
  const Instant until = Clock::now() + kFarewell;
  pollfd end{link.monitor_fd(), POLLIN, 0};
  while (!link.broken() && Clock::now() < until) {
    const timespec left = time_left(Clock::now(), until);
    ::ppoll(&end, 1, &left, nullptr);
    link.monitor_signalled();
  }
}

/// What sending has eaten the signal of is not told by anybody else.
void Reactor::settle() {
  for (const Slot slot : kSlots) {
    Line& line = at(slot);
    if (!line.link) continue;
    const int wanted = line.stalled ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN;
    if (!line.link->settled(wanted)) baton_.add(socket_of(slot));
  }
}

Instant Reactor::next_wake() const {
  const Instant next = session_.next_tick();
  return at(session_.main()).link ? next : std::min(next, connector_.when());
}

}  // namespace phyllo::internal
