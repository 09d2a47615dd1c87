#include "sim/grove/forest_process.h"

#include <algorithm>
#include <utility>

#include "overlay/codec.h"

namespace phyllo::sim {

namespace mc = multicast;

ForestProcess::ForestProcess(Network& network, StationId station,
                             const overlay::NodeConfig& node_config,
                             const mc::ForestConfig& forest_config, overlay::Contact self,
                             std::uint64_t seed)
    : network_(network),
      station_(station),
      node_(node_config, std::move(self), seed),
      forest_(forest_config, node_, seed + 1) {}

void ForestProcess::call(Time now,
                         const std::function<void(overlay::Node&, overlay::Effects&)>& what) {
  what(node_, from_node_);
  settle(now);
}

void ForestProcess::call(Time now, const std::function<void(mc::Forest&, mc::Effects&)>& what) {
  what(forest_, from_forest_);
  settle(now);
}

void ForestProcess::receive(Time now, const overlay::Contact& from, overlay::Wire wire) {
  auto message = overlay::decode(std::move(wire), *network_.places());
  if (!message.ok()) return undecodable();
  node_.receive(now, from, std::move(message).value(), from_node_);
  settle(now);
}

void ForestProcess::disconnected(Time now, overlay::NodeId peer) {
  node_.disconnected(now, peer, from_node_);
  settle(now);
}

void ForestProcess::dialed(Time now, const overlay::Endpoint& endpoint,
                           const overlay::Contact& found) {
  node_.dialed(now, endpoint, found, from_node_);
  settle(now);
}

void ForestProcess::dial_failed(Time now, const overlay::Endpoint& endpoint) {
  node_.dial_failed(now, endpoint, from_node_);
  settle(now);
}

void ForestProcess::tick(Time now) {
  if (node_.next_tick() <= now) node_.tick(now, from_node_);
  if (forest_.next_tick() <= now) forest_.tick(now, from_forest_);
  settle(now);
}

Time ForestProcess::next_tick() const { return std::min(node_.next_tick(), forest_.next_tick()); }

void ForestProcess::settle(Time now) {
  while (perform_all(now)) continue;
  forest_.flush(now, from_forest_);
  while (perform_all(now)) continue;
  if (resting() == Resting::kWhenIdle) forest_.rest();
}

bool ForestProcess::perform_all(Time now) {
  if (from_node_.empty() && from_forest_.empty()) return false;
  for (auto& effect : std::exchange(from_node_, {})) perform(now, std::move(effect));
  for (auto& effect : std::exchange(from_forest_, {})) perform(now, std::move(effect));
  return true;
}

void ForestProcess::perform(Time now, overlay::Effect effect) {
  if (auto* send = std::get_if<overlay::Send>(&effect)) {
    const auto* direct = std::get_if<overlay::Direct>(&send->message);
    if (direct != nullptr && !has_room(send->to, direct->message)) {
      forest_.edge_full(now, send->to, direct->message, from_forest_);
      return;
    }
    network_.send(station_, send->to, overlay::encode(std::move(send->message)));
  } else if (auto* dial = std::get_if<overlay::Dial>(&effect)) {
    network_.dial(station_, dial->endpoint);
  } else if (auto* arrived = std::get_if<overlay::Arrived>(&effect)) {
    forest_.arrived(now, std::move(*arrived), from_forest_);
  } else if (auto* received = std::get_if<overlay::Received>(&effect)) {
    forest_.received(now, received->from, std::move(received->message), from_forest_);
  } else if (auto* undelivered = std::get_if<overlay::Undelivered>(&effect)) {
    forest_.undelivered(now, std::move(*undelivered), from_forest_);
  } else if (auto* lost = std::get_if<overlay::PeerLost>(&effect)) {
    forest_.peer_lost(now, lost->peer.id(), from_forest_);
  } else if (std::holds_alternative<overlay::LeafSetChanged>(effect)) {
    forest_.leaf_set_changed(now, from_forest_);
  } else if (auto* changed = std::get_if<overlay::StateChanged>(&effect)) {
    became(changed->state);
  }
}

void ForestProcess::perform(Time now, mc::Effect effect) {
  if (auto* toward = std::get_if<mc::SendToward>(&effect)) {
    node_.send_toward(now, toward->key, std::move(toward->message), from_node_);
  } else if (auto* on = std::get_if<mc::ForwardOn>(&effect)) {
    node_.forward(now, std::move(on->arrival), from_node_);
  } else if (auto* direct = std::get_if<mc::SendDirect>(&effect)) {
    sends(*direct);
    node_.send_direct(now, direct->to, std::move(direct->message), from_node_);
  } else {
    tell(now, std::move(effect), from_forest_);
  }
}

}  // namespace phyllo::sim
