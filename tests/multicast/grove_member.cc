#include "tests/multicast/grove_member.h"

#include <algorithm>
#include <utility>

#include "multicast/codec.h"
#include "overlay/codec.h"

namespace phyllo::testing {

namespace mc = multicast;

GroveMember::GroveMember(Network& network, StationId station, overlay::NodeConfig node_config,
                         mc::ForestConfig forest_config, overlay::Contact self, std::uint64_t seed,
                         Observer observer)
    : network_(network),
      station_(station),
      node_(node_config, std::move(self), seed),
      forest_(forest_config, node_, seed + 1),
      observer_(std::move(observer)) {}

void GroveMember::call(Time now,
                       const std::function<void(overlay::Node&, overlay::Effects&)>& what) {
  what(node_, from_node_);
  settle(now);
}

void GroveMember::call(Time now, const std::function<void(mc::Forest&, mc::Effects&)>& what) {
  what(forest_, from_forest_);
  settle(now);
}

void GroveMember::receive(Time now, const overlay::Contact& from, overlay::Wire wire) {
  auto message = overlay::decode(std::move(wire));
  if (!message.ok()) {
    ++observer_.undecodable;
    return;
  }
  node_.receive(now, from, std::move(message).value(), from_node_);
  settle(now);
}

void GroveMember::disconnected(Time now, overlay::NodeId peer) {
  node_.disconnected(now, peer, from_node_);
  settle(now);
}

void GroveMember::dialed(Time now, const overlay::Endpoint& endpoint,
                         const overlay::Contact& found) {
  node_.dialed(now, endpoint, found, from_node_);
  settle(now);
}

void GroveMember::dial_failed(Time now, const overlay::Endpoint& endpoint) {
  node_.dial_failed(now, endpoint, from_node_);
  settle(now);
}

void GroveMember::tick(Time now) {
  if (node_.next_tick() <= now) node_.tick(now, from_node_);
  if (forest_.next_tick() <= now) forest_.tick(now, from_forest_);
  settle(now);
}

Time GroveMember::next_tick() const { return std::min(node_.next_tick(), forest_.next_tick()); }

void GroveMember::settle(Time now) {
  while (perform_all(now)) continue;
  forest_.flush(now, from_forest_);
  while (perform_all(now)) continue;
}

bool GroveMember::perform_all(Time now) {
  if (from_node_.empty() && from_forest_.empty()) return false;
  for (auto& effect : std::exchange(from_node_, {})) perform(now, std::move(effect));
  for (auto& effect : std::exchange(from_forest_, {})) perform(now, std::move(effect));
  return true;
}

void GroveMember::perform(Time now, overlay::Effect effect) {
  if (auto* send = std::get_if<overlay::Send>(&effect)) {
    auto* direct = std::get_if<overlay::Direct>(&send->message);
    if (direct != nullptr && full && full(send->to, direct->message)) {
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
  } else if (std::holds_alternative<overlay::LeafSetChanged>(effect) ||
             std::holds_alternative<overlay::StateChanged>(effect)) {
    forest_.leaf_set_changed(now, from_forest_);
  }
}

void GroveMember::perform(Time now, mc::Effect effect) {
  if (auto* toward = std::get_if<mc::SendToward>(&effect)) {
    node_.send_toward(now, toward->key, std::move(toward->message), from_node_);
  } else if (auto* on = std::get_if<mc::ForwardOn>(&effect)) {
    node_.forward(now, std::move(on->arrival), from_node_);
  } else if (auto* direct = std::get_if<mc::SendDirect>(&effect)) {
    const auto message = mc::decode(direct->message);
    if (!message.ok()) {
      ++observer_.undecodable;
    } else if (const auto* data = std::get_if<mc::Data>(&*message)) {
      observer_.numbered(data->batch);
    }
    node_.send_direct(now, direct->to, std::move(direct->message), from_node_);
  } else if (auto* deliver = std::get_if<mc::Deliver>(&effect)) {
    observer_.numbered(deliver->batch);
    seen[deliver->topic].push_back({observer_.now(), std::move(deliver->batch)});
  } else if (auto* gap = std::get_if<mc::DeliverGap>(&effect)) {
    seen[gap->topic].push_back({observer_.now(), std::move(gap->gap)});
  } else if (auto* live = std::get_if<mc::SubscriptionLive>(&effect)) {
    seen[live->topic].push_back({observer_.now(), live->position});
  } else if (auto* refused = std::get_if<mc::SubscriptionRefused>(&effect)) {
    seen[refused->topic].push_back({observer_.now(), std::move(refused->why)});
  } else if (auto* took = std::get_if<mc::PublishTaken>(&effect)) {
    taken.push_back(*took);
  } else if (auto* offer = std::get_if<mc::Offer>(&effect)) {
    offers.push_back(offer->payload);
    forest_.answer_offer(now, offer->offer, accepts, from_forest_);
  } else if (auto* done = std::get_if<mc::CastDone>(&effect)) {
    casts.push_back(std::move(*done));
  } else if (auto* survey = std::get_if<mc::SurveyDone>(&effect)) {
    surveys.push_back(std::move(*survey));
  }
}

}  // namespace phyllo::testing
