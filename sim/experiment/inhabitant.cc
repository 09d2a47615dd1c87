#include "sim/experiment/inhabitant.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/check.h"
#include "overlay/codec.h"

namespace phyllo::sim {

Inhabitant::Inhabitant(Network& network, StationId station, const overlay::NodeConfig& config,
                       overlay::Contact self, std::uint64_t seed, const Observer& observer)
    : network_(network),
      station_(station),
      node_(config, std::move(self), seed),
      observer_(observer) {}

void Inhabitant::start(Time now, std::vector<overlay::Endpoint> seeds) {
  node_.start(now, std::move(seeds), effects_);
  settle(now);
}

void Inhabitant::forward(Time now, overlay::Arrived arrival) {
  node_.forward(now, std::move(arrival), effects_);
  settle(now);
}

void Inhabitant::receive(Time now, const overlay::Contact& from, overlay::Wire wire) {
  auto message = overlay::decode(std::move(wire), *network_.places());
  PHYLLO_CHECK(message.ok());  // our own codec wrote it
  if (now <= joining_until_) joining_.add(errand_of(message.value()));
  node_.receive(now, from, std::move(message).value(), effects_);
  settle(now);
}

void Inhabitant::disconnected(Time now, overlay::NodeId peer) {
  node_.disconnected(now, peer, effects_);
  settle(now);
}

void Inhabitant::dialed(Time now, const overlay::Endpoint& endpoint,
                        const overlay::Contact& found) {
  node_.dialed(now, endpoint, found, effects_);
  settle(now);
}

void Inhabitant::dial_failed(Time now, const overlay::Endpoint& endpoint) {
  node_.dial_failed(now, endpoint, effects_);
  settle(now);
}

void Inhabitant::tick(Time now) {
  node_.tick(now, effects_);
  settle(now);
}

void Inhabitant::settle(Time now) {
  for (std::size_t i = 0; i < effects_.size(); ++i) perform(now, std::move(effects_[i]));
  effects_.clear();
}

void Inhabitant::perform(Time now, overlay::Effect effect) {
  if (auto* message = std::get_if<overlay::Send>(&effect)) {
    send(now, std::move(*message));
  } else if (auto* dial = std::get_if<overlay::Dial>(&effect)) {
    network_.dial(station_, dial->endpoint);
  } else if (auto* arrived = std::get_if<overlay::Arrived>(&effect)) {
    auto onward = observer_.arrived(station_, std::move(*arrived));
    if (onward) node_.forward(now, std::move(*onward), effects_);
  } else if (const auto* undelivered = std::get_if<overlay::Undelivered>(&effect)) {
    observer_.undelivered(*undelivered);
  } else if (const auto* changed = std::get_if<overlay::StateChanged>(&effect)) {
    observer_.changed(station_, changed->state);
  }
}

void Inhabitant::send(Time now, overlay::Send send) {
  Errand errand = errand_of(send.message);
  if (const auto* hop = std::get_if<overlay::Hop>(&send.message)) {
    if (errand == Errand::kJoin && hop->origin.id() != self().id()) {
      observer_.join_passed_on(hop->origin.id());
    }
    if (hop->origin.id() != self().id() || errand != Errand::kJoin) {
      if (hop->hop <= last_hop_ && errand == Errand::kLookup) errand = Errand::kAgain;
      last_hop_ = std::max(last_hop_, hop->hop);
    }
  }
  observer_.traffic.add(errand);
  if (now <= joining_until_) joining_.add(errand);
  network_.send(station_, send.to, overlay::encode(std::move(send.message)));
}

}  // namespace phyllo::sim
