#include "overlay/transport/socket_monitor.h"

#include <atomic>
#include <cstring>

#include "overlay/transport/sockets.h"

namespace phyllo::overlay::transport {
namespace {

/// Names have to be unique in the ZeroMQ context, which several owners share.
std::string fresh_address() {
  static std::atomic<std::uint64_t> next{0};
  return "inproc://phyllo-monitor-" + std::to_string(next.fetch_add(1));
}

}  // namespace

SocketMonitor::SocketMonitor(zmq::context_t& context, zmq::socket_t& watched, int kinds)
    : watched_(watched), socket_(context, zmq::socket_type::pair) {
  const std::string address = fresh_address();
  if (zmq_socket_monitor(watched.handle(), address.c_str(), kinds) != 0) throw zmq::error_t();
  // Unlimited: at a limit ZeroMQ would block its I/O thread, and with it every connection.
  socket_.set(zmq::sockopt::rcvhwm, 0);
  socket_.set(zmq::sockopt::linger, 0);
  socket_.connect(address);
}

// With nobody to read its events ZeroMQ's I/O thread would wait for ever.
SocketMonitor::~SocketMonitor() { zmq_socket_monitor(watched_.handle(), nullptr, 0); }

std::optional<SocketMonitor::Event> SocketMonitor::next() {
  zmq::message_t numbers;
  if (!receive_now(socket_, numbers)) return std::nullopt;
  zmq::message_t endpoint;
  if (numbers.more()) receive_now(socket_, endpoint);
  Event event{};
  if (numbers.size() < sizeof event.kind + sizeof event.value) return event;
  std::memcpy(&event.kind, numbers.data(), sizeof event.kind);
  std::memcpy(&event.value, static_cast<char*>(numbers.data()) + sizeof event.kind,
              sizeof event.value);
  return event;
}

}  // namespace phyllo::overlay::transport
