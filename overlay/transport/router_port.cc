#include "overlay/transport/router_port.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "overlay/transport/sockets.h"

namespace phyllo::overlay::transport {
namespace {

constexpr int kMonitored = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_ACCEPT_FAILED | ZMQ_EVENT_CLOSED |
                           ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                           ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL;

constexpr std::uint64_t kRouterTag = 0;
constexpr std::uint64_t kMonitorTag = 1;

/// Ids that ROUTER chooses itself are a zero byte and a 32-bit number.
constexpr std::size_t kRoutingIdSize = 5;

bool own_choice(const zmq::message_t& id) {
  return id.size() == kRoutingIdSize && *static_cast<const char*>(id.data()) == 0;
}

std::uint32_t read_id(const zmq::message_t& id) {
  std::uint32_t value = 0;
  std::memcpy(&value, static_cast<const char*>(id.data()) + 1, sizeof value);
  return value;
}

zmq::message_t write_id(std::uint32_t value) {
  zmq::message_t id(kRoutingIdSize);
  *static_cast<char*>(id.data()) = 0;
  std::memcpy(static_cast<char*>(id.data()) + 1, &value, sizeof value);
  return id;
}

int descriptor_of(const zmq::message_t& frame) {
  // The message is not changed; the C API just does not say so.
  return zmq_msg_get(const_cast<zmq::message_t&>(frame).handle(), ZMQ_SRCFD);
}

/// ZeroMQ's thread sees the end of the stream and cleans up. Should the descriptor have been reused
/// in this very instant, its new owner loses a connection it can make again.
void hang_up(int fd) { ::shutdown(fd, SHUT_RDWR); }

}  // namespace

Result<std::unique_ptr<RouterPort>> RouterPort::open(zmq::context_t& context, Options options) {
  std::unique_ptr<RouterPort> port(new RouterPort(context, std::move(options)));
  if (auto bound = port->bind(); !bound) return bound.error();
  return port;
}

RouterPort::RouterPort(zmq::context_t& context, Options options)
    : options_(std::move(options)),
      router_(context, zmq::socket_type::router),
      monitor_(context, router_, kMonitored) {
  set_common_options(router_, options_.frame_bytes);
  router_.set(zmq::sockopt::router_mandatory, 1);
  router_.set(zmq::sockopt::rcvhwm, options_.receive_messages);
  router_.set(zmq::sockopt::sndhwm, options_.send_messages);
  router_.set(zmq::sockopt::linger, to_milliseconds(options_.linger));
  router_.set(zmq::sockopt::backlog, 1024);
  epoll_.add(router_.get(zmq::sockopt::fd), kRouterTag);
  epoll_.add(monitor_.fd(), kMonitorTag);
}

RouterPort::~RouterPort() {
  epoll_.remove(router_.get(zmq::sockopt::fd));
  epoll_.remove(monitor_.fd());
}

Outcome RouterPort::bind() {
  for (const auto& endpoint : options_.listen) {
    try {
      set_family(router_, family_of(endpoint));
      router_.bind(endpoint.text());
    } catch (const zmq::error_t& error) {
      return Error{ErrorCode::kUnavailable,
                   "cannot listen on " + endpoint.text() + ": " + error.what()};
    }
    auto actual = Endpoint::parse(router_.get(zmq::sockopt::last_endpoint));
    if (!actual) return actual.error();
    listening_.push_back(*std::move(actual));
  }
  // ZeroMQ signals only those who once found nothing.
  sent_ = true;
  drain_monitor(now_);
  return Done{};
}

bool RouterPort::unsettled() {
  if (!ending_.empty()) return true;
  if (!std::exchange(sent_, false)) return false;
  if ((router_.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0) receivable_ = true;
  return receivable_;
}

void RouterPort::watch(Time now) {
  now_ = now;
  if (sent_) receivable_ = true;
  std::array<std::uint64_t, 2> ready{};
  const std::size_t count = epoll_.wait(Duration::zero(), ready);
  for (std::size_t i = 0; i < count; ++i) {
    if (ready[i] == kRouterTag) receivable_ = true;
    if (ready[i] == kMonitorTag) drain_monitor(now);
  }
  end_silent(now);
}

void RouterPort::drain_monitor(Time now) {
  now_ = now;
  while (auto event = monitor_.next()) {
    const int fd = static_cast<int>(event->value);
    if (event->kind == ZMQ_EVENT_ACCEPTED) {
      accepted(now, fd);
    } else if (event->kind == ZMQ_EVENT_DISCONNECTED || event->kind == ZMQ_EVENT_CLOSED) {
      closed(fd);
    } else {
      ++stats_.failed;
    }
  }
}

void RouterPort::accepted(Time now, int fd) {
  ++stats_.accepted;
  closed(fd);  // it must have been, or the system would not give it out again
  auto& socket = sockets_[fd];
  socket.accepted = now;
  if (sockets_.size() > options_.connections) {
    ++stats_.over_limit;
    socket.ended_by_us = true;
    hang_up(fd);
  }
  next_silence_check_ = std::min(next_silence_check_, now + options_.silence);
}

void RouterPort::closed(int fd) {
  const auto found = sockets_.find(fd);
  if (found == sockets_.end()) return;
  if (found->second.routing_id) ending_.push_back(*found->second.routing_id);
  sockets_.erase(found);
}

void RouterPort::end_silent(Time now) {
  if (now < next_silence_check_) return;
  next_silence_check_ = kNever;
  for (auto& [fd, socket] : sockets_) {
    if (socket.routing_id || socket.ended_by_us) continue;
    if (now - socket.accepted >= options_.silence) {
      ++stats_.silent;
      socket.ended_by_us = true;
      hang_up(fd);
    } else {
      next_silence_check_ = std::min(next_silence_check_, socket.accepted + options_.silence);
    }
  }
}

bool RouterPort::receive(Arrival& arrival) {
  zmq::message_t routing_id;
  while (receivable_) {
    receivable_ = receive_now(router_, routing_id);
    if (!receivable_) break;
    read_frames(arrival);
    arrival.from = identify(routing_id, arrival.frame);
    if (arrival.from != 0) return true;
  }
  // All that was sent before these connections ended has been received.
  for (const RoutingId id : std::exchange(ending_, {})) forget(id);
  return false;
}

void RouterPort::read_frames(Arrival& arrival) {
  arrival.body.reset();
  arrival.excess = false;
  if (!receive_now(router_, arrival.frame) || !arrival.frame.more()) return;
  if (!receive_now(router_, arrival.body.emplace()) || !arrival.body->more()) return;
  arrival.excess = true;
  zmq::message_t dropped;
  while (receive_now(router_, dropped) && dropped.more()) {
  }
}

RouterPort::Connection RouterPort::identify(const zmq::message_t& routing_id,
                                            const zmq::message_t& frame) {
  if (!own_choice(routing_id)) {
    ++stats_.foreign_ids;
    const int fd = descriptor_of(frame);
    if (const auto socket = sockets_.find(fd); socket != sockets_.end()) hang_up(fd);
    return 0;
  }
  const RoutingId id = read_id(routing_id);
  if (const auto known = peers_.find(id); known != peers_.end()) return known->second.connection;
  // Its descriptor may have been another connection's before: learn of that one's end first.
  drain_monitor(now_);
  Peer peer{++last_connection_, -1};
  const int fd = descriptor_of(frame);
  if (const auto socket = sockets_.find(fd); socket != sockets_.end()) {
    if (socket->second.routing_id) ending_.push_back(*socket->second.routing_id);
    socket->second.routing_id = id;
    peer.fd = fd;
  } else {
    ending_.push_back(id);
  }
  peers_.emplace(id, peer);
  routes_.emplace(peer.connection, id);
  return peer.connection;
}

void RouterPort::forget(RoutingId id) {
  const auto peer = peers_.find(id);
  if (peer == peers_.end()) return;
  ended_.push_back(peer->second.connection);
  routes_.erase(peer->second.connection);
  peers_.erase(peer);
}

std::vector<RouterPort::Connection> RouterPort::take_ended() { return std::exchange(ended_, {}); }

Posted RouterPort::send(Connection to, zmq::message_t frame, std::optional<zmq::message_t> body) {
  const auto route = routes_.find(to);
  if (route == routes_.end()) return Posted::kNobody;
  sent_ = true;
  const Posted posted = send_now(router_, write_id(route->second), Part::kMore);
  if (posted == Posted::kNobody) ending_.push_back(route->second);
  if (posted != Posted::kYes) return posted;
  // Past the routing id ROUTER takes the whole message, or drops it when the peer is gone.
  send_now(router_, std::move(frame), body ? Part::kMore : Part::kLast);
  if (body) send_now(router_, *std::move(body), Part::kLast);
  return Posted::kYes;
}

void RouterPort::end(Connection connection) {
  const auto route = routes_.find(connection);
  if (route == routes_.end()) return;
  const int fd = peers_.at(route->second).fd;
  const auto socket = sockets_.find(fd);
  if (socket == sockets_.end() || socket->second.routing_id != route->second) return;
  socket->second.ended_by_us = true;
  hang_up(fd);
}

Time RouterPort::next_deadline() const { return next_silence_check_; }

RouterPort::Stats RouterPort::stats() const {
  Stats stats = stats_;
  stats.open = sockets_.size();
  return stats;
}

}  // namespace phyllo::overlay::transport
