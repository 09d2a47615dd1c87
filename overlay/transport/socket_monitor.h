#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <zmq.hpp>

namespace phyllo::overlay::transport {

/// What ZeroMQ's own thread reports of one socket's connections, in order: accepted, connected,
/// refused, closed. Belongs to the socket's thread.
class SocketMonitor {
 public:
  struct Event {
    std::uint16_t kind;   ///< ZMQ_EVENT_…
    std::uint32_t value;  ///< the connection's descriptor, or an error number
  };

  /// `kinds`: a mask of ZMQ_EVENT_…. `watched` is not connected or bound yet, and outlives this.
  SocketMonitor(zmq::context_t& context, zmq::socket_t& watched, int kinds);
  ~SocketMonitor();
  SocketMonitor(const SocketMonitor&) = delete;
  SocketMonitor& operator=(const SocketMonitor&) = delete;

  /// Level-triggered; readable while `next` has something.
  int fd() const { return socket_.get(zmq::sockopt::fd); }
  std::optional<Event> next();

 private:
  zmq::socket_t& watched_;
  zmq::socket_t socket_;
};

}  // namespace phyllo::overlay::transport
