#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "overlay/node.h"
#include "sim/network/host.h"
#include "sim/network/network.h"
#include "sim/ring/routed.h"

namespace phyllo::sim {

/// Messages by their place in `overlay::Message`.
using MessageCounts = std::array<std::uint64_t, std::variant_size_v<overlay::Message>>;

/// A process that consists of one overlay node and a layer above that forwards every message until
/// it is at its root. Everything the node sends goes through the real codec.
class RingMember final : public Host {
 public:
  /// Whether it remembers what it said; in a large ring that weighs more than the node.
  enum class Keep { kHistory, kNothing };
  /// What the ring wants to know of all its members, and what it lends them.
  struct Observer {
    MessageCounts& sent;
    RoutedMessages& routed;
    std::uint64_t& undecodable;
    std::function<void(StationId, const overlay::Arrived&)> delivered;
    std::function<void(StationId, overlay::StateChanged::State)> changed;
    overlay::Effects& effects;  ///< empty, with room
    Keep keep;
  };

  RingMember(Network& network, StationId station, overlay::NodeConfig config, overlay::Contact self,
             std::uint64_t seed, Observer observer);

  overlay::Node& node() { return node_; }
  const overlay::Node& node() const { return node_; }
  StationId station() const { return station_; }

  void start(Time now, std::vector<overlay::Endpoint> seeds);
  void leave(Time now);
  void route(Time now, overlay::Key key, std::uint64_t number);
  void send_direct(Time now, const overlay::Contact& to, overlay::AppMessage message);

  const overlay::Contact& self() const override { return node_.self(); }
  void receive(Time now, const overlay::Contact& from, overlay::Wire wire) override;
  void disconnected(Time now, overlay::NodeId peer) override;
  void dialed(Time now, const overlay::Endpoint& endpoint, const overlay::Contact& found) override;
  void dial_failed(Time now, const overlay::Endpoint& endpoint) override;
  void tick(Time now) override;
  void foresee(overlay::NodeId from, int step) const override { node_.foresee(from, step); }
  Time next_tick() const override { return node_.next_tick(); }

  // --- what it said, with its own clock ---

  const std::vector<std::pair<Time, overlay::StateChanged>>& states() const { return states_; }
  const std::vector<std::pair<Time, overlay::PeerLost>>& lost() const { return lost_; }
  const std::vector<std::pair<Time, overlay::Notice>>& notices() const { return notices_; }
  const std::vector<overlay::Received>& received() const { return received_; }
  const std::vector<overlay::LeafSetChanged>& leaf_set_changes() const { return changes_; }

 private:
  /// Calls into the node and carries out what it asks for; effects may bring about more effects.
  template <class Call>
  void turn(Time now, Call&& call);
  /// `effect` is none of `out` and sends nothing.
  void perform(Time now, overlay::Effect&& effect, overlay::Effects& out);
  void perform(Time now, overlay::Arrived arrived, overlay::Effects& out);
  void keep(Time now, overlay::Effect effect);

  Network& network_;
  const StationId station_;
  overlay::Node node_;
  Observer observer_;
  std::vector<std::pair<Time, overlay::StateChanged>> states_;
  std::vector<std::pair<Time, overlay::PeerLost>> lost_;
  std::vector<std::pair<Time, overlay::Notice>> notices_;
  std::vector<overlay::Received> received_;
  std::vector<overlay::LeafSetChanged> changes_;
};

}  // namespace phyllo::sim
