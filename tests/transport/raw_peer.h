#pragma once

#include <string>
#include <vector>
#include <zmq.hpp>

#include "overlay/endpoint.h"
#include "overlay/transport/frames.h"

namespace phyllo::overlay::transport {

/// A peer that can say anything: a DEALER socket of the test's own.
class RawPeer {
 public:
  explicit RawPeer(const Endpoint& to, const std::string& routing_id = "");

  void say(const std::vector<std::string>& frames);
  void say(const Frame& frame);
  /// What came back so far.
  const std::vector<Frame>& answers();
  const Refusal* refusal();
  bool welcomed();

 private:
  zmq::socket_t socket_;
  std::vector<Frame> answers_;
};

/// A ROUTER socket of the test's own for links to connect to; answers every message with `answer`,
/// or with nothing when that is empty.
class RawServer {
 public:
  explicit RawServer(std::string answer);
  Endpoint endpoint() const;
  void turn();
  std::size_t received() const { return frames_.size(); }
  /// The first frame of each message so far.
  const std::vector<std::string>& frames() const { return frames_; }

 private:
  zmq::socket_t socket_;
  std::string answer_;
  std::vector<std::string> frames_;
};

/// A plain TCP socket: speaks no ZeroMQ unless told how.
class PlainSocket {
 public:
  static PlainSocket connected_to(const Endpoint& endpoint);
  /// Listens on an ephemeral port; the system accepts, nobody reads.
  static PlainSocket listening();
  ~PlainSocket();
  PlainSocket(PlainSocket&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  PlainSocket(const PlainSocket&) = delete;

  Endpoint endpoint() const;
  void write(const std::string& bytes);
  /// Whether the other side has hung up.
  bool ended();

 private:
  explicit PlainSocket(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace phyllo::overlay::transport
