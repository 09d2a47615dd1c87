#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "broker/core/broker.h"
#include "sim/network/host.h"
#include "sim/network/network.h"

namespace phyllo::sim {

/// A process that consists of one whole broker. Peers are reached through the virtual network,
/// programs through what the cluster hands in.
class BrokerProcess final : public Host {
 public:
  /// The other end of the client connections.
  struct Gateway {
    std::function<void(broker::SessionId, overlay::Wire)> tell;
    std::function<void(broker::SessionId, std::string reason)> close;
  };

  BrokerProcess(Network& network, StationId station, broker::BrokerConfig config,
                overlay::Contact self, std::uint64_t seed, Gateway gateway);

  broker::Broker& broker() { return broker_; }
  const broker::Broker& broker() const { return broker_; }
  const std::optional<broker::Stopped>& stopped() const { return stopped_; }

  /// Calls into the broker and carries out what it asks for.
  void with_broker(Time now, const std::function<void(broker::Broker&, broker::Effects&)>& call);

  const overlay::Contact& self() const override { return broker_.node().self(); }
  void receive(Time now, const overlay::Contact& from, overlay::Wire wire) override;
  void disconnected(Time now, overlay::NodeId peer) override;
  void dialed(Time now, const overlay::Endpoint& endpoint, const overlay::Contact& found) override;
  void dial_failed(Time now, const overlay::Endpoint& endpoint) override;
  void tick(Time now) override;
  Time next_tick() const override { return broker_.next_tick(); }

  /// What it wrote to its log.
  const std::vector<std::pair<Time, overlay::Notice>>& notices() const { return notices_; }

 private:
  void carry_out(Time now, broker::Effect& effect, broker::Effects& out);

  Network& network_;
  const StationId station_;
  broker::Broker broker_;
  Gateway gateway_;
  std::optional<broker::Stopped> stopped_;
  std::vector<std::pair<Time, overlay::Notice>> notices_;
};

}  // namespace phyllo::sim
