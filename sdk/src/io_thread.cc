#include "sdk/src/io_thread.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace phyllo::internal {
namespace {

/// One turn of receiving or sending, so that neither starves the other.
constexpr int kTurnFrames = 256;

std::string_view view(const zmq::message_t& frame) {
  return {static_cast<const char*>(frame.data()), frame.size()};
}

/// Rounded up, so that a deadline has passed when the poll returns.
long poll_milliseconds(Instant now, Instant until) {
  if (until <= now) return 0;
  constexpr auto kLongest = std::chrono::milliseconds(60'000);
  const auto wait = std::min<Clock::duration>(until - now, kLongest);
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(wait).count());
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
    if (session_.shut() && !link_) return;
    keep_connected(now);
    receive();
    session_.tick(Clock::now());
    send(Clock::now());
    if (session_.ending()) {
      close_link();
      continue;
    }
    wait();
  }
}

void IoThread::keep_connected(Instant now) {
  if (link_) {
    if (const auto why = link_->broken()) session_.broken(*why);
    return;
  }
  if (now < connector_.when()) return;
  link_.emplace(connector_.broker(), limits_);
  session_.opened(now, connector_.broker());
}

void IoThread::receive() {
  if (!link_) return;
  const Instant now = Clock::now();
  more_to_receive_ = true;
  for (int i = 0; i < kTurnFrames; ++i) {
    const auto received = link_->receive();
    if (!received) {
      more_to_receive_ = false;
      return;
    }
    if (received->malformed) {
      session_.malformed();
    } else {
      session_.received(now, view(received->header), received->body);
    }
  }
}

void IoThread::send(Instant now) {
  if (!link_) return;
  for (int i = 0; i < kTurnFrames; ++i) {
    if (!stalled_) stalled_ = session_.next_outgoing(now);
    if (!stalled_ || !link_->send(*stalled_)) return;
    stalled_.reset();
  }
  waker_->wake();  // there may be more: come back without waiting
}

void IoThread::close_link() {
  stalled_.reset();
  link_.reset();
  const Instant now = Clock::now();
  const Session::Life life = session_.closed(now);
  if (life.welcome) {
    connector_.lost(now, life.length);
  } else {
    connector_.failed(now);
  }
}

Instant IoThread::next_wake() const {
  if (more_to_receive_) return Instant::min();
  return link_ ? session_.next_tick() : std::min(session_.next_tick(), connector_.when());
}

void IoThread::wait() {
  std::array<zmq::pollitem_t, 3> items{{{nullptr, waker_->fd(), ZMQ_POLLIN, 0}, {}, {}}};
  std::size_t count = 1;
  if (link_) {
    const short writable = stalled_ ? ZMQ_POLLOUT : 0;
    items[1] = {link_->socket(), 0, static_cast<short>(ZMQ_POLLIN | writable), 0};
    items[2] = {link_->monitor(), 0, ZMQ_POLLIN, 0};
    count = 3;
  }
  // Interrupted by a signal: as good as woken.
  zmq_poll(items.data(), static_cast<int>(count), poll_milliseconds(Clock::now(), next_wake()));
  if ((items[0].revents & ZMQ_POLLIN) != 0) waker_->clear();
}

}  // namespace phyllo::internal
