#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <zmq.hpp>

#include "base/result.h"
#include "overlay/endpoint.h"
#include "overlay/transport/body_frame.h"
#include "overlay/transport/epoll_set.h"
#include "overlay/transport/socket_monitor.h"
#include "overlay/transport/sockets.h"
#include "overlay/wire.h"

namespace phyllo::overlay::transport {

/// A DEALER socket with exactly one connection in its life: once that is lost or could not be made,
/// the socket is of no more use. One thread.
class Dealer {
 public:
  /// Starts to connect; `send_*` can be used at once. Reports readiness to `epoll` under `tag`.
  static Result<std::unique_ptr<Dealer>> connect(zmq::context_t& context, const Endpoint& endpoint,
                                                 Family family, std::size_t frame_bytes,
                                                 EpollSet& epoll, std::uint64_t tag);
  /// Drops what was not sent, unless `close_after` said otherwise.
  ~Dealer();
  Dealer(const Dealer&) = delete;
  Dealer& operator=(const Dealer&) = delete;

  /// A frame of the link itself.
  void send_frame(const std::string& frame);
  /// A message of the overlay; the body is shared with ZeroMQ until it is sent.
  void send_message(Wire wire);
  /// Several messages, whose costs together are `cost`.
  void send_envelope(std::string envelope, std::size_t cost);
  /// What these two have taken and not passed on yet, in bytes as `cost` counts them.
  std::size_t queued() const { return ledger_->bytes.load(std::memory_order_relaxed); }
  static std::size_t cost(const Wire& wire);

  bool receive(zmq::message_t& frame);
  /// Whether there is something to receive, or an end to notice, that `epoll` may not tell of: a
  /// send ate the signal, or failed.
  bool unsettled();
  /// Whether the connection is over. To be asked before the last round of `receive`.
  bool lost();
  /// Gives what was sent this long to get out after destruction.
  void close_after(Duration linger);

 private:
  Dealer(zmq::context_t& context, std::size_t frame_bytes, EpollSet& epoll, std::uint64_t tag);

  zmq::socket_t socket_;
  SocketMonitor monitor_;
  EpollSet& epoll_;
  std::shared_ptr<SendLedger> ledger_ = std::make_shared<SendLedger>();
  bool lost_ = false;
};

}  // namespace phyllo::overlay::transport
