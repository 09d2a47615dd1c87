#include "sim/ring/ring_member.h"

#include "overlay/codec.h"

namespace phyllo::sim {

RingMember::RingMember(Network& network, StationId station, overlay::NodeConfig config,
                       overlay::Contact self, std::uint64_t seed, Observer observer)
    : network_(network),
      station_(station),
      node_(config, std::move(self), seed),
      observer_(std::move(observer)) {}

void RingMember::start(Time now, std::vector<overlay::Endpoint> seeds) {
  node_.start(now, std::move(seeds), effects_);
  settle(now);
}

void RingMember::leave(Time now) {
  node_.leave(now, effects_);
  settle(now);
}

void RingMember::route(Time now, overlay::Key key, std::uint64_t number) {
  node_.send_toward(now, key, RoutedMessages::wire(number), effects_);
  settle(now);
}

void RingMember::send_direct(Time now, const overlay::Contact& to, overlay::AppMessage message) {
  node_.send_direct(now, to, std::move(message), effects_);
  settle(now);
}

void RingMember::receive(Time now, const overlay::Contact& from, overlay::Wire wire) {
  auto message = overlay::decode(std::move(wire));
  if (!message.ok()) {
    ++observer_.undecodable;
    return;
  }
  node_.receive(now, from, std::move(message).value(), effects_);
  settle(now);
}

void RingMember::disconnected(Time now, overlay::NodeId peer) {
  node_.disconnected(now, peer, effects_);
  settle(now);
}

void RingMember::dialed(Time now, const overlay::Endpoint& endpoint,
                        const overlay::Contact& found) {
  node_.dialed(now, endpoint, found, effects_);
  settle(now);
}

void RingMember::dial_failed(Time now, const overlay::Endpoint& endpoint) {
  node_.dial_failed(now, endpoint, effects_);
  settle(now);
}

void RingMember::tick(Time now) {
  node_.tick(now, effects_);
  settle(now);
}

void RingMember::settle(Time now) {
  for (std::size_t i = 0; i < effects_.size(); ++i) perform(now, std::move(effects_[i]));
  effects_.clear();
}

void RingMember::perform(Time now, overlay::Effect effect) {
  if (auto* send = std::get_if<overlay::Send>(&effect)) {
    ++observer_.sent[send->message.index()];
    network_.send(station_, send->to, overlay::encode(std::move(send->message)));
  } else if (auto* dial = std::get_if<overlay::Dial>(&effect)) {
    network_.dial(station_, dial->endpoint);
  } else if (auto* arrived = std::get_if<overlay::Arrived>(&effect)) {
    perform(now, std::move(*arrived));
  } else if (auto* received = std::get_if<overlay::Received>(&effect)) {
    received_.push_back(std::move(*received));
  } else if (auto* undelivered = std::get_if<overlay::Undelivered>(&effect)) {
    if (const auto number = observer_.routed.number(undelivered->message)) {
      observer_.routed[*number].undelivered = undelivered->reason;
    }
  } else if (auto* lost = std::get_if<overlay::PeerLost>(&effect)) {
    lost_.emplace_back(now, std::move(*lost));
  } else if (auto* changed = std::get_if<overlay::LeafSetChanged>(&effect)) {
    changes_.push_back(std::move(*changed));
  } else if (auto* state = std::get_if<overlay::StateChanged>(&effect)) {
    states_.emplace_back(now, std::move(*state));
  } else if (auto* notice = std::get_if<overlay::Notice>(&effect)) {
    notices_.emplace_back(now, std::move(*notice));
  }
}

void RingMember::perform(Time now, overlay::Arrived arrived) {
  if (const auto number = observer_.routed.number(arrived.message)) {
    auto& path = observer_.routed[*number].path;  // a message that waited here is seen again
    if (path.empty() || path.back() != station_) path.push_back(station_);
  }
  if (arrived.at_root) {
    observer_.delivered(station_, arrived);
  } else {
    node_.forward(now, std::move(arrived), effects_);
  }
}

}  // namespace phyllo::sim
