#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <zmq.hpp>

#include "base/payload.h"
#include "sdk/src/family.h"
#include "sdk/src/frames.h"

namespace phyllo::internal {

/// One connection to one broker: a DEALER socket that connects once and never by itself again, and
/// the monitor that tells when it is gone. I/O thread only. Nothing here blocks.
class Link {
 public:
  /// What `receive` found.
  struct Received {
    zmq::message_t header;
    std::optional<Payload> body;
    bool malformed = false;  ///< more frames than any message has
  };

  struct Limits {
    std::size_t receive_bytes = 0;
    std::chrono::milliseconds connect_timeout{0};
  };

  /// Starts to connect. An endpoint that cannot even be tried shows in `broken`.
  Link(const std::string& endpoint, Family family, const Limits& limits);
  /// What was sent still goes out in the background for a moment.
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// False: no room now, nothing was taken; wait until the socket is writable.
  bool send(Outgoing& message);
  std::optional<Received> receive();
  /// Why the connection is no more, once it is.
  std::optional<std::string> broken();

  void* socket() { return socket_.handle(); }
  void* monitor() { return monitor_.handle(); }

 private:
  void watch();

  zmq::socket_t socket_;
  zmq::socket_t monitor_;
  std::optional<std::string> failure_;
};

}  // namespace phyllo::internal
