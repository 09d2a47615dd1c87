#include "sim/cluster/broker_process.h"

#include <utility>

namespace phyllo::sim {

using broker::Broker;
using broker::Effects;

BrokerProcess::BrokerProcess(Network& network, StationId station, broker::BrokerConfig config,
                             overlay::Contact self, std::uint64_t seed, Gateway gateway)
    : network_(network),
      station_(station),
      broker_(std::move(config), std::move(self), seed, network.places()),
      gateway_(std::move(gateway)) {}

void BrokerProcess::with_broker(Time now, const std::function<void(Broker&, Effects&)>& call) {
  Effects effects;
  call(broker_, effects);
  broker_.flush(now, effects);
  for (std::size_t next = 0; next < effects.size(); ++next) {  // carrying out may add more
    broker::Effect effect = std::move(effects[next]);
    carry_out(now, effect, effects);
  }
}

void BrokerProcess::carry_out(Time now, broker::Effect& effect, Effects& out) {
  if (auto* peer = std::get_if<broker::ToPeer>(&effect)) {
    if (network_.send(station_, peer->to, std::move(peer->wire)) == Network::Sent::kFull) {
      broker_.peer_link_full(now, peer->to, std::move(peer->wire), out);
    }
  } else if (auto* dial = std::get_if<broker::DialPeer>(&effect)) {
    network_.dial(station_, dial->endpoint);
  } else if (auto* tell = std::get_if<broker::ToClient>(&effect)) {
    gateway_.tell(tell->session, std::move(tell->wire));
  } else if (auto* close = std::get_if<broker::CloseClient>(&effect)) {
    gateway_.close(close->session, std::move(close->reason));
  } else if (auto* stopped = std::get_if<broker::Stopped>(&effect)) {
    stopped_ = std::move(*stopped);
  } else if (auto* notice = std::get_if<overlay::Notice>(&effect)) {
    notices_.emplace_back(now, std::move(*notice));
  }
}

void BrokerProcess::receive(Time now, const overlay::Contact& from, overlay::Wire wire) {
  with_broker(now, [&](Broker& broker, Effects& out) {
    broker.peer_message(now, from, std::move(wire), out);
  });
}

void BrokerProcess::disconnected(Time now, overlay::NodeId peer) {
  with_broker(now, [&](Broker& broker, Effects& out) { broker.peer_disconnected(now, peer, out); });
}

void BrokerProcess::dialed(Time now, const overlay::Endpoint& endpoint,
                           const overlay::Contact& found) {
  with_broker(now, [&](Broker& broker, Effects& out) { broker.dialed(now, endpoint, found, out); });
}

void BrokerProcess::dial_failed(Time now, const overlay::Endpoint& endpoint) {
  with_broker(now, [&](Broker& broker, Effects& out) { broker.dial_failed(now, endpoint, out); });
}

void BrokerProcess::tick(Time now) {
  with_broker(now, [&](Broker& broker, Effects& out) { broker.tick(now, out); });
}

}  // namespace phyllo::sim
