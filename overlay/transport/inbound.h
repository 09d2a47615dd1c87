#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
#include <zmq.hpp>

#include "base/result.h"
#include "base/time.h"
#include "overlay/contact.h"
#include "overlay/transport/events.h"
#include "overlay/transport/frames.h"
#include "overlay/transport/router_port.h"
#include "overlay/transport/traffic.h"
#include "overlay/transport/transport_config.h"
#include "overlay/transport/transport_stats.h"

namespace phyllo::overlay::transport {

/// The connections that peers made to this broker: checks their hellos and takes in what they send.
class Inbound {
 public:
  static Result<std::unique_ptr<Inbound>> open(zmq::context_t& context,
                                               const TransportConfig& config,
                                               RegionTraffic& regions);

  const RouterPort& port() const { return *port_; }
  bool unsettled() { return port_->unsettled(); }
  /// Takes in at most `config.burst` messages; true when there may be more.
  bool process(Time now, const Contact& self, Events& out);
  void add_to(TransportStats& stats) const;
  void add_to(std::vector<PeerTraffic>& traffic) const;

 private:
  struct Peer {
    std::shared_ptr<const Contact> contact;  // nullptr: not introduced
    Traffic traffic;
    Traffic* region = nullptr;
    bool refused = false;
    bool leaving = false;
  };

  Inbound(std::unique_ptr<RouterPort> port, const TransportConfig& config, RegionTraffic& regions)
      : config_(config), port_(std::move(port)), regions_(regions) {}

  /// Returns how many messages that was.
  std::size_t take(const Contact& self, RouterPort::Arrival& arrival, Events& out);
  void take_frame(const Contact& self, RouterPort::Arrival& arrival, Peer& peer, Events& out);
  std::size_t open(Peer& peer, std::string_view envelope, Events& out);
  void reject(const RouterPort::Arrival& arrival, Peer& peer, const Result<Frame>& frame,
              Events& out);
  void greet(const Contact& self, RouterPort::Connection from, Peer& peer, const Hello& hello,
             Events& out);
  void refuse(RouterPort::Connection from, Peer& peer, const Refusal& refusal, std::string who,
              Events& out);
  static void deliver(Peer& peer, Wire wire, Events& out);
  void ended(RouterPort::Connection connection, Events& out);

  const TransportConfig& config_;
  std::unique_ptr<RouterPort> port_;
  RegionTraffic& regions_;
  std::unordered_map<RouterPort::Connection, Peer> peers_;
  TransportStats stats_;
};

}  // namespace phyllo::overlay::transport
