#pragma once

#include <cstdint>
#include <functional>

#include "multicast/forest.h"
#include "overlay/node.h"
#include "sim/network/host.h"
#include "sim/network/network.h"

namespace phyllo::sim {

/// A process that consists of an overlay node and a forest on it, as a broker composes them, with
/// every message through both codecs. What its programs would be told, and what it sends down its
/// trees, it tells whoever derives from it.
class ForestProcess : public Host {
 public:
  ForestProcess(Network& network, StationId station, const overlay::NodeConfig& node_config,
                const multicast::ForestConfig& forest_config, overlay::Contact self,
                std::uint64_t seed);

  overlay::Node& node() { return node_; }
  const overlay::Node& node() const { return node_; }
  multicast::Forest& forest() { return forest_; }
  const multicast::Forest& forest() const { return forest_; }

  /// Runs a call into the node or the forest and carries out what it asks for.
  void call(Time now, const std::function<void(overlay::Node&, overlay::Effects&)>& what);
  void call(Time now, const std::function<void(multicast::Forest&, multicast::Effects&)>& what);

  const overlay::Contact& self() const final { return node_.self(); }
  void receive(Time now, const overlay::Contact& from, overlay::Wire wire) final;
  void disconnected(Time now, overlay::NodeId peer) final;
  void dialed(Time now, const overlay::Endpoint& endpoint, const overlay::Contact& found) final;
  void dial_failed(Time now, const overlay::Endpoint& endpoint) final;
  void tick(Time now) final;
  Time next_tick() const final;

 protected:
  /// When trees with nothing going on are put to rest: a test compares both.
  enum class Resting { kWhenIdle, kNever };

  StationId station() const { return station_; }
  /// What the forest has for local programs: everything but the three effects for the overlay.
  virtual void tell(Time now, multicast::Effect effect, multicast::Effects& out) = 0;
  /// The forest sends this to a neighbour in one of its trees.
  virtual void sends(const multicast::SendDirect& /*send*/) {}
  /// Whether the link has room for it.
  virtual bool has_room(const overlay::Contact& /*to*/, const overlay::AppMessage& /*message*/) {
    return true;
  }
  virtual Resting resting() const { return Resting::kWhenIdle; }
  virtual void became(overlay::StateChanged::State /*state*/) {}
  /// Something came that the codec wrote and did not read back: always a mistake.
  virtual void undecodable() = 0;

 private:
  void settle(Time now);
  bool perform_all(Time now);
  void perform(Time now, overlay::Effect effect);
  void perform(Time now, multicast::Effect effect);

  Network& network_;
  const StationId station_;
  overlay::Node node_;
  multicast::Forest forest_;
  overlay::Effects from_node_;
  multicast::Effects from_forest_;
};

}  // namespace phyllo::sim
