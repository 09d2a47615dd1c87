#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>
#include <zmq.hpp>

#include "base/result.h"
#include "base/time.h"
#include "overlay/endpoint.h"
#include "overlay/transport/epoll_set.h"
#include "overlay/transport/socket_monitor.h"
#include "overlay/transport/sockets.h"

namespace phyllo::overlay::transport {

/// A bound ROUTER socket that knows its connections: which of them each message came over, when one
/// ends, and how to end one. (ZeroMQ 4.3 tells none of this; the descriptor that a message was read
/// from, together with the monitor's events about descriptors, does.) Routing ids are the socket's
/// own choice: who brings an id of his own is cut off. One thread.
class RouterPort {
 public:
  /// Numbered from 1, never used again for another connection.
  using Connection = std::uint64_t;

  struct Options {
    std::vector<Endpoint> listen;
    std::size_t frame_bytes = 16 << 20;  ///< a larger frame ends its connection
    std::size_t connections = 10'000;    ///< one more is ended at once
    Duration silence =
        std::chrono::seconds(5);         ///< to connect and say nothing for this long ends it
    Duration linger = Duration::zero();  ///< how long unsent messages are kept when this closes
    int receive_messages = 256;          ///< per connection, read ahead of `receive`
    int send_messages = 1000;            ///< per connection, waiting to be sent; 0: no limit
  };

  struct Arrival {
    Connection from = 0;
    zmq::message_t frame;
    std::optional<zmq::message_t> body;
    bool excess = false;  ///< there were more frames, which were dropped
  };

  struct Stats {
    std::uint64_t accepted = 0;
    std::uint64_t over_limit = 0;   ///< ended at once
    std::uint64_t silent = 0;       ///< ended for saying nothing
    std::uint64_t foreign_ids = 0;  ///< ended for bringing a routing id
    std::uint64_t failed = 0;       ///< no descriptor left, or a handshake that failed
    std::size_t open = 0;
  };

  /// Binds. The error names the endpoint and why.
  static Result<std::unique_ptr<RouterPort>> open(zmq::context_t& context, Options options);
  ~RouterPort();
  RouterPort(const RouterPort&) = delete;
  RouterPort& operator=(const RouterPort&) = delete;

  /// Where it listens, in the order of the options, with real ports for 0.
  const std::vector<Endpoint>& listening() const { return listening_; }
  int fd() const { return epoll_.fd(); }
  /// Whether there is something to do that `fd` may no longer tell of: a send ate the signal. Ask
  /// before every wait.
  bool unsettled();

  /// Notices opened and ended connections, and whether there is something to receive. Call before a
  /// round of `receive`.
  void watch(Time now);
  /// The next message; false when there is none now.
  bool receive(Arrival& arrival);
  /// Connections that ended and of which nothing more will be received.
  std::vector<Connection> take_ended();
  Posted send(Connection to, zmq::message_t frame,
              std::optional<zmq::message_t> body = std::nullopt);
  /// Ends a connection now, as far as this end is concerned; `take_ended` will tell when it has.
  void end(Connection connection);

  /// When `watch` wants to be called next even if nothing happens.
  Time next_deadline() const;
  Stats stats() const;

 private:
  using RoutingId = std::uint32_t;
  struct Socket {  // one accepted descriptor
    Time accepted;
    std::optional<RoutingId> routing_id;  // nullopt: has said nothing yet
    bool ended_by_us = false;
  };
  struct Peer {  // one that has spoken
    Connection connection;
    int fd;  // -1: closed already
  };

  RouterPort(zmq::context_t& context, Options options);
  Outcome bind();
  void drain_monitor(Time now);
  void accepted(Time now, int fd);
  void closed(int fd);
  void end_silent(Time now);
  void read_frames(Arrival& arrival);
  Connection identify(const zmq::message_t& routing_id, const zmq::message_t& frame);
  void forget(RoutingId id);

  Options options_;
  zmq::socket_t router_;
  SocketMonitor monitor_;
  EpollSet epoll_;
  std::vector<Endpoint> listening_;
  bool sent_ = false;       // since `receive` found nothing
  bool receivable_ = true;  // as far as is known; asking the socket costs two system calls
  Time now_{};
  Connection last_connection_ = 0;
  std::unordered_map<int, Socket> sockets_;
  std::unordered_map<RoutingId, Peer> peers_;
  std::unordered_map<Connection, RoutingId> routes_;
  std::vector<RoutingId> ending_;  // closed, but messages may still be waiting
  std::vector<Connection> ended_;
  Time next_silence_check_ = kNever;
  Stats stats_;
};

}  // namespace phyllo::overlay::transport
