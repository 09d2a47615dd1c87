#pragma once

#include <functional>
#include <vector>

#include "base/time.h"
#include "broker/client_gateway.h"
#include "broker/core/broker.h"
#include "broker/journal.h"
#include "broker/signals.h"
#include "broker/status_board.h"
#include "overlay/endpoint.h"
#include "overlay/transport/epoll_set.h"
#include "overlay/transport/transport.h"

namespace phyllo::broker {

/// Drives one Broker on real sockets and real time, in the thread that calls `run`: takes in a
/// bounded burst from each side in turn, then carries out what the broker wants.
///
/// SIGTERM or SIGINT drain; a second one stops at once. SIGHUP calls `reload`.
class EventLoop {
 public:
  /// Everything is borrowed.
  struct Parts {
    Broker& broker;
    overlay::transport::Transport& transport;
    ClientGateway& gateway;
    Signals& signals;
    StatusBoard& board;
    Journal& journal;
  };
  struct Options {
    Duration drain_limit = std::chrono::seconds(10);
    Duration status_interval = std::chrono::milliseconds(250);
    std::function<void()> reload;
    /// What an earlier life of this broker has counted at its borders this month.
    std::vector<BorderAccount> accounts;
    /// Keeps what this one has; called every few minutes, and at the end.
    std::function<void(const std::vector<BorderAccount>&)> keep;
    /// Fills in what the loop does not know of a status it is about to post.
    std::function<void(Status&)> describe;
  };
  enum class End { kDrained, kInterrupted, kResigned };

  EventLoop(Parts parts, Options options);

  /// Starts the broker and returns when it is done.
  End run(std::vector<overlay::Endpoint> seeds);

 private:
  /// Who has news, or a deadline that has passed. To look in vain costs system calls.
  struct Due {
    bool transport = false;
    bool gateway = false;
    bool signals = false;
  };

  void turn();
  Due wait();
  void take_signals(Time now);
  void take_from_peers(Time now);
  void take_from_clients(Time now);
  void carry_out(Time now);
  void carry_out(Time now, ToPeer& effect);
  void carry_out(Time now, DialPeer& effect);
  void carry_out(Time now, ForgetPeer& effect);
  void carry_out(Time now, ToClient& effect);
  void carry_out(Time now, CloseClient& effect);
  void carry_out(Time now, SelfChanged& effect);
  void carry_out(Time now, Stopped& effect);
  void carry_out(Time now, overlay::StateChanged& effect);
  void carry_out(Time now, overlay::Notice& effect);
  void drain(Time now, const char* signal);
  void post_status(Time now);
  void say_month(Time now);
  void keep_accounts(Time now);

  Parts parts_;
  Options options_;
  overlay::transport::EpollSet epoll_;
  Effects effects_;
  overlay::transport::Events from_peers_;
  ClientGateway::Events from_clients_;
  std::string state_reason_;
  Time next_status_{};
  Time next_calendar_{};
  Time next_keeping_ = kNever;
  Time drained_by_ = kNever;
  bool draining_ = false;
  std::optional<End> end_;
};

}  // namespace phyllo::broker
