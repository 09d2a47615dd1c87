#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "broker/core/broker_config.h"
#include "broker/core/broker_stats.h"
#include "broker/core/effects.h"
#include "broker/core/sessions.h"
#include "multicast/forest.h"
#include "overlay/node.h"

namespace phyllo::broker {

/// A broker without its sockets: an overlay node, the forest of topic trees, and the sessions of local
/// programs, composed. Bytes in, bytes out, through the real codecs; the event loop and the simulator
/// are its two drivers. One owner; not thread-safe.
class Broker {
 public:
  Broker(BrokerConfig config, overlay::Contact self, std::uint64_t seed);

  // --- peers ---
  void start(Time now, std::vector<overlay::Endpoint> seeds, Effects& out);
  void peer_message(Time now, const overlay::Contact& from, overlay::Wire wire, Effects& out);
  void peer_disconnected(Time now, overlay::NodeId peer, Effects& out);
  void dialed(Time now, const overlay::Endpoint& endpoint, const overlay::Contact& found,
              Effects& out);
  void dial_failed(Time now, const overlay::Endpoint& endpoint, Effects& out);
  /// The link to `peer` had no room for `wire`, which was dropped.
  void peer_link_full(Time now, const overlay::Contact& peer, overlay::Wire wire, Effects& out);

  // --- programs ---
  void client_connected(Time now, SessionId session, Effects& out);
  void client_message(Time now, SessionId session, overlay::Wire wire, Effects& out);
  void client_gone(Time now, SessionId session, Effects& out);

  // --- time ---
  /// End of a burst of inputs: sends what was collected.
  void flush(Time now, Effects& out);
  void tick(Time now, Effects& out);
  Time next_tick() const;
  /// Tells the programs to move, hands trees over, leaves the ring; `Stopped` follows.
  void drain(Time now, Effects& out);

  BrokerStats stats() const;
  const overlay::Node& node() const { return node_; }

 private:
  void settle(Time now, Effects& out);

  BrokerConfig config_;
  overlay::Node node_;
  multicast::Forest forest_;
  Sessions sessions_;
  overlay::Effects from_node_;
  multicast::Effects from_forest_;
};

}  // namespace phyllo::broker
