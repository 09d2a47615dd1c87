#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "overlay/node.h"
#include "sim/experiment/traffic.h"
#include "sim/network/host.h"
#include "sim/network/network.h"

namespace phyllo::sim {

/// One overlay node of a population. Keeps counts only, so that there can be many; what it sends
/// goes through the real codec.
class Inhabitant final : public Host {
 public:
  /// What the population wants to know of all of them.
  struct Observer {
    Traffic& traffic;
    /// A lookup has come to this station; what is returned is forwarded.
    std::function<std::optional<overlay::Arrived>(StationId, overlay::Arrived)> arrived;
    std::function<void(const overlay::Undelivered&)> undelivered;
    std::function<void(StationId, overlay::StateChanged::State)> changed;
    /// Somebody passed on the join request of this node.
    std::function<void(overlay::NodeId)> join_passed_on;
  };

  Inhabitant(Network& network, StationId station, const overlay::NodeConfig& config,
             overlay::Contact self, std::uint64_t seed, const Observer& observer);

  const overlay::Node& node() const { return node_; }
  StationId station() const { return station_; }

  void start(Time now, std::vector<overlay::Endpoint> seeds);
  void forward(Time now, overlay::Arrived arrival);

  /// Messages that it sent and received until `count_joining_until`, and what others did for it.
  const Traffic& joining() const { return joining_; }
  void count_joining_until(Time end) { joining_until_ = end; }
  void add_joining(Errand errand) { joining_.add(errand); }

  const overlay::Contact& self() const override { return node_.self(); }
  void receive(Time now, const overlay::Contact& from, overlay::Wire wire) override;
  void disconnected(Time now, overlay::NodeId peer) override;
  void dialed(Time now, const overlay::Endpoint& endpoint, const overlay::Contact& found) override;
  void dial_failed(Time now, const overlay::Endpoint& endpoint) override;
  void tick(Time now) override;
  Time next_tick() const override { return node_.next_tick(); }

 private:
  /// Carries out what the node asked for; effects may bring about more effects.
  void settle(Time now);
  void perform(Time now, overlay::Effect effect);
  void send(Time now, overlay::Send send);

  Network& network_;
  const StationId station_;
  overlay::Node node_;
  const Observer& observer_;
  overlay::Effects effects_;
  std::uint64_t last_hop_ = 0;
  Traffic joining_;
  Time joining_until_ = kNever;
};

}  // namespace phyllo::sim
