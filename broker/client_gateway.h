#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>
#include <zmq.hpp>

#include "base/result.h"
#include "base/time.h"
#include "broker/core/effects.h"
#include "overlay/endpoint.h"
#include "overlay/transport/body_frame.h"
#include "overlay/transport/collected.h"
#include "overlay/transport/router_port.h"
#include "overlay/wire.h"

namespace phyllo::broker {

/// The sockets that programs connect to. A session is one connection: it begins with the first
/// frame that comes over it and ends with it. What is sent to a program that does not read is kept
/// up to a limit far above what a well-behaved one asks for; beyond that its connection is ended.
/// One thread.
class ClientGateway {
 public:
  struct Options {
    std::vector<overlay::Endpoint> listen;  ///< `tcp://` and `ipc://`
    std::size_t frame_bytes = 16 << 20;     ///< a larger frame ends its connection
    std::size_t connections = 20'000;       ///< one more is ended at once
    Duration silence =
        std::chrono::seconds(5);  ///< a connection that says nothing for so long ends
    Duration close_grace = std::chrono::seconds(1);  ///< for a program to hang up when told to
    std::size_t unsent_bytes = 256 << 20;            ///< of one session; more ends it
    std::size_t burst = 256;                         ///< messages taken in by one call of `process`
  };

  struct Connected {
    SessionId session;
  };
  struct Message {
    SessionId session;
    overlay::Wire wire;
  };
  struct Gone {
    SessionId session;
  };
  using Event = std::variant<Connected, Message, Gone>;
  using Events = std::vector<Event>;

  struct Stats {
    overlay::transport::RouterPort::Stats port;
    std::uint64_t malformed = 0;   ///< messages of more than two frames
    std::uint64_t unwanted = 0;    ///< messages of sessions that were closed
    std::uint64_t overflows = 0;   ///< sessions ended because they did not read
    std::uint64_t unsendable = 0;  ///< messages for sessions that are gone
  };

  /// Binds. The error names the endpoint and why.
  static Result<std::unique_ptr<ClientGateway>> open(zmq::context_t& context, Options options);

  /// Where it listens, in the order of the options, with real ports for 0.
  const std::vector<overlay::Endpoint>& listening() const { return port_->listening(); }
  int fd() const { return port_->fd(); }

  /// Takes in a bounded number of messages.
  void process(Time now, Events& out);
  /// When `process` wants to be called even if `fd` stays silent. Ask before every wait: ZeroMQ's
  /// signals get lost on sending.
  Time next_tick();

  /// Short messages wait for `flush`, so that those of one session travel together.
  void send(SessionId session, overlay::Wire wire);
  /// To be called at the end of each burst of `send`.
  void flush();
  /// Nothing more is taken in.
  void close(Time now, SessionId session, Closing how);

  Stats stats() const;

 private:
  ClientGateway(std::unique_ptr<overlay::transport::RouterPort> port, Options options)
      : options_(std::move(options)), port_(std::move(port)) {}

  struct Session {
    std::shared_ptr<overlay::transport::SendLedger> unsent;
    overlay::transport::Collected collected;
    bool overflowed = false;
  };

  /// Returns how many messages that was.
  std::size_t take(overlay::transport::RouterPort::Arrival& arrival, Events& out);
  static std::size_t open(SessionId session, std::string_view envelope, Events& out);
  void post(SessionId id, Session& session, overlay::Wire wire, std::size_t cost);
  void post_collected(SessionId id, Session& session);

  Options options_;
  std::unique_ptr<overlay::transport::RouterPort> port_;
  std::unordered_map<SessionId, Session> sessions_;
  std::map<SessionId, Time> closing_;  // told to hang up, and by when
  std::vector<SessionId> collecting_;  // have something to be flushed
  bool more_ = false;
  Stats stats_;
};

}  // namespace phyllo::broker
