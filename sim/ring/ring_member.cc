#include "sim/ring/ring_member.h"

#include <utility>

#include "overlay/codec.h"

namespace phyllo::sim {

RingMember::RingMember(Network& network, StationId station, overlay::NodeConfig config,
                       overlay::Contact self, std::uint64_t seed, Observer observer)
    : network_(network),
      station_(station),
      node_(config, std::move(self), seed),
      observer_(std::move(observer)) {}

template <class Call>
void RingMember::turn(Time now, Call&& call) {
  // Another member's turn may begin within this one, when the ring is told of a delivery.
  overlay::Effects effects = std::exchange(observer_.effects, {});
  call(effects);
  for (std::size_t i = 0; i < effects.size(); ++i) {
    if (auto* send = std::get_if<overlay::Send>(&effects[i])) {
      ++observer_.sent[send->message.index()];
      network_.send(station_, send->to, overlay::encode(std::move(send->message)));
    } else {
      overlay::Effect effect = std::move(effects[i]);
      perform(now, std::move(effect), effects);
    }
  }
  effects.clear();
  observer_.effects = std::move(effects);
}

void RingMember::start(Time now, std::vector<overlay::Endpoint> seeds) {
  turn(now, [&](overlay::Effects& out) { node_.start(now, std::move(seeds), out); });
}

void RingMember::leave(Time now) {
  turn(now, [&](overlay::Effects& out) { node_.leave(now, out); });
}

void RingMember::route(Time now, overlay::Key key, std::uint64_t number) {
  turn(now, [&](overlay::Effects& out) {
    node_.send_toward(now, key, RoutedMessages::wire(number), out);
  });
}

void RingMember::send_direct(Time now, const overlay::Contact& to, overlay::AppMessage message) {
  turn(now, [&](overlay::Effects& out) { node_.send_direct(now, to, std::move(message), out); });
}

void RingMember::receive(Time now, const overlay::Contact& from, overlay::Wire wire) {
  auto message = overlay::decode(std::move(wire), *network_.places());
  if (!message.ok()) {
    ++observer_.undecodable;
    return;
  }
  turn(now,
       [&](overlay::Effects& out) { node_.receive(now, from, std::move(message).value(), out); });
}

void RingMember::disconnected(Time now, overlay::NodeId peer) {
  turn(now, [&](overlay::Effects& out) { node_.disconnected(now, peer, out); });
}

void RingMember::dialed(Time now, const overlay::Endpoint& endpoint,
                        const overlay::Contact& found) {
  turn(now, [&](overlay::Effects& out) { node_.dialed(now, endpoint, found, out); });
}

void RingMember::dial_failed(Time now, const overlay::Endpoint& endpoint) {
  turn(now, [&](overlay::Effects& out) { node_.dial_failed(now, endpoint, out); });
}

void RingMember::tick(Time now) {
  turn(now, [&](overlay::Effects& out) { node_.tick(now, out); });
}

void RingMember::perform(Time now, overlay::Effect&& effect, overlay::Effects& out) {
  if (auto* dial = std::get_if<overlay::Dial>(&effect)) {
    network_.dial(station_, dial->endpoint);
  } else if (auto* arrived = std::get_if<overlay::Arrived>(&effect)) {
    perform(now, std::move(*arrived), out);
  } else if (auto* received = std::get_if<overlay::Received>(&effect)) {
    received_.push_back(std::move(*received));
  } else if (auto* undelivered = std::get_if<overlay::Undelivered>(&effect)) {
    if (const auto number = observer_.routed.number(undelivered->message)) {
      observer_.routed[*number].undelivered = undelivered->reason;
    }
  } else {
    if (const auto* state = std::get_if<overlay::StateChanged>(&effect)) {
      observer_.changed(station_, state->state);
    }
    if (observer_.keep == Keep::kHistory) keep(now, std::move(effect));
  }
}

void RingMember::keep(Time now, overlay::Effect effect) {
  if (auto* lost = std::get_if<overlay::PeerLost>(&effect)) {
    lost_.emplace_back(now, std::move(*lost));
  } else if (auto* changed = std::get_if<overlay::LeafSetChanged>(&effect)) {
    changes_.push_back(std::move(*changed));
  } else if (auto* state = std::get_if<overlay::StateChanged>(&effect)) {
    states_.emplace_back(now, std::move(*state));
  } else if (auto* notice = std::get_if<overlay::Notice>(&effect)) {
    notices_.emplace_back(now, std::move(*notice));
  }
}

void RingMember::perform(Time now, overlay::Arrived arrived, overlay::Effects& out) {
  if (const auto number = observer_.routed.number(arrived.message)) {
    auto& path = observer_.routed[*number].path;  // a message that waited here is seen again
    if (path.empty() || path.back() != station_) path.push_back(station_);
  }
  if (arrived.at_root) {
    observer_.delivered(station_, arrived);
  } else {
    node_.forward(now, std::move(arrived), out);
  }
}

}  // namespace phyllo::sim
