#include "sdk/src/io_thread.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/envelope.h"

namespace phyllo::internal {
namespace {

/// One turn of receiving or sending, so that neither starves the other.
constexpr int kTurnFrames = 256;
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

/// A minute at most.
timespec time_left(Instant now, Instant until) {
  if (until <= now) return {0, 0};
  constexpr Clock::duration kLongest = std::chrono::minutes(1);
  constexpr auto kSecond = std::chrono::nanoseconds(std::chrono::seconds(1)).count();
  const auto wait = std::min(until - now, kLongest);
  const auto left = std::chrono::ceil<std::chrono::nanoseconds>(wait).count();
  return {static_cast<time_t>(left / kSecond), static_cast<long>(left % kSecond)};
}

}  // namespace

IoThread::IoThread(Session session, Connector connector, Link::Limits limits,
                   std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Waker> waker)
    : session_(std::move(session)),
      connector_(std::move(connector)),
      limits_(limits),
      mailbox_(std::move(mailbox)),
      waker_(std::move(waker)) {}

void IoThread::start() {
  thread_ = std::thread([this] { run(); });
}

void IoThread::join() { thread_.join(); }

void IoThread::run() {
  while (true) {
    const Instant now = Clock::now();
    for (Command& command : mailbox_->take_all()) session_.command(now, std::move(command));
    if (session_.shut() && !linked()) return;
    keep_connected(now);
    for (const Slot slot : kSlots) receive(slot);
    tick(Clock::now());
    for (const Slot slot : kSlots) send(Clock::now(), slot);
    if (!close_ending()) wait();
  }
}

bool IoThread::linked() const {
  return std::ranges::any_of(lines_, [](const Line& line) { return line.link.has_value(); });
}

void IoThread::keep_connected(Instant now) {
  for (const Slot slot : kSlots) {
    if (!at(slot).link) continue;
    if (const auto why = at(slot).link->broken()) session_.broken(slot, *why);
  }
  Line& main = at(session_.main());
  if (main.link || session_.shut() || now < connector_.when()) return;
  main.link.emplace(connector_.broker(), connector_.family(), limits_);
  session_.opened(now, session_.main(), connector_.broker());
}

void IoThread::receive(Slot slot) {
  Line& line = at(slot);
  line.more_to_receive = false;
  if (!line.link) return;
  const Instant now = Clock::now();
  for (int i = 0; i < kTurnFrames; ++i) {
    const auto received = line.link->receive();
    if (!received) return;
    if (received->malformed) {
      session_.malformed();
    } else if (Envelope::is(view(received->header)) && !received->body) {
      open(now, slot, view(received->header));
    } else {
      session_.received(now, slot, view(received->header), received->body);
    }
  }
  line.more_to_receive = true;
}

/// Bodies are copied out: one that waits would keep all others of its envelope.
void IoThread::open(Instant now, Slot slot, std::string_view envelope) {
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

void IoThread::tick(Instant now) {
  const Slot before = session_.main();
  session_.tick(now);
  if (session_.main() != before) connector_.leaving(now);
}

void IoThread::send(Instant now, Slot slot) {
  Line& line = at(slot);
  if (!line.link) return;
  for (int i = 0; i < kTurnFrames; ++i) {
    if (!line.stalled) line.stalled = next_frame(now, slot);
    if (!line.stalled || !line.link->send(*line.stalled)) return;
    line.stalled.reset();
  }
  waker_->wake();  // there may be more: come back without waiting
}

/// What is next to be said, together with what else there is when that is short.
std::optional<Outgoing> IoThread::next_frame(Instant now, Slot slot) {
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
bool IoThread::close_ending() {
  bool closed = false;
  for (const Slot slot : kSlots) {
    if (!session_.ending(slot)) continue;
    closed = true;
    at(slot).stalled.reset();
    at(slot).ahead.reset();
    if (session_.shut()) await_end(*at(slot).link);
    at(slot).link.reset();
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
void IoThread::await_end(Link& link) {
  const Instant until = Clock::now() + kFarewell;
  pollfd end{link.monitor_fd(), POLLIN, 0};
  while (!link.broken() && Clock::now() < until) {
    const timespec left = time_left(Clock::now(), until);
    ::ppoll(&end, 1, &left, nullptr);
    link.monitor_signalled();
  }
}

Instant IoThread::next_wake() const {
  Instant next = session_.next_tick();
  for (const Slot slot : kSlots) {
    if (at(slot).more_to_receive) return Instant::min();
  }
  return at(session_.main()).link ? next : std::min(next, connector_.when());
}

void IoThread::wait() {
  constexpr std::size_t kPerLink = 2;
  std::array<pollfd, 1 + kPerLink * kSlots.size()> items{};
  items[0] = {waker_->fd(), POLLIN, 0};
  std::size_t count = 1;
  Instant until = next_wake();
  for (Line& line : lines_) {
    if (!line.link) continue;
    items[count++] = {line.link->socket_fd(), POLLIN, 0};
    items[count++] = {line.link->monitor_fd(), POLLIN, 0};
    const int wanted = line.stalled ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN;
    if (!line.link->settled(wanted)) until = Instant::min();
  }
  // Interrupted by a signal: as good as woken.
  const timespec left = time_left(Clock::now(), until);
  ::ppoll(items.data(), count, &left, nullptr);
  if ((items[0].revents & POLLIN) != 0) waker_->clear();
  count = 1;
  for (Line& line : lines_) {
    if (!line.link) continue;
    if (items[count + 1].revents != 0) line.link->monitor_signalled();
    count += kPerLink;
  }
}

}  // namespace phyllo::internal
