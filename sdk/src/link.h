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
/// the monitor that tells when it is gone. The reactor's. Nothing here blocks.
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

  /// False: no room now, nothing was taken; try again when the link has something to tell.
  bool send(Outgoing& message);
  std::optional<Received> receive();
  /// Why the connection is no more, once it is.
  std::optional<std::string> broken();

  /// What to poll before the next turn. Each tells of news once only, and only of what comes after
  /// `receive` found nothing: see `settled`.
  int socket_fd() const { return socket_fd_; }
  int monitor_fd() const { return monitor_fd_; }
  /// The monitor's descriptor became readable: `broken` has to look.
  void monitor_signalled() { watch_ = true; }
  /// Whether the descriptors will tell of everything that is `wanted` (ZMQ_POLLIN, ZMQ_POLLOUT). A
  /// send since `receive` found nothing may have eaten their signal: then the socket is asked.
  bool settled(int wanted);

 private:
  void watch();

  zmq::socket_t socket_;
  zmq::socket_t monitor_;
  int socket_fd_ = -1;
  int monitor_fd_ = -1;
  bool watch_ = true;  ///< ZeroMQ signals only those who once found nothing
  bool sent_ = false;  ///< since `receive` found nothing
  std::optional<std::string> failure_;
};

}  // namespace phyllo::internal
