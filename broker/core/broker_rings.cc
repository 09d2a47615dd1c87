#include <string>
#include <utility>

#include "broker/core/broker.h"
#include "broker/core/match.h"
#include "overlay/codec.h"

// What the overlay nodes ask of the other layers and of the driver; broker.cc has the rest.

namespace phyllo::broker {

void Broker::from_node(Time now, overlay::RingScope ring, overlay::Effect effect, Effects& out) {
  if (auto* send = std::get_if<overlay::Send>(&effect)) {
    ToPeer message{send->to, overlay::encode(std::move(send->message), ring)};
    meter_.sent(now, message.to, message.wire);
    out.push_back(std::move(message));
    return;
  }
  if (ring != rings_.trees()) return from_global(now, std::move(effect), out);
  std::visit(Match{
                 [&](overlay::Send&) {},
                 [&](overlay::Dial& dial) {
                   if (rings_.dials(ring, dial.endpoint)) out.push_back(DialPeer{dial.endpoint});
                 },
                 [&](overlay::Arrived& arrival) {
                   forest_.arrived(now, std::move(arrival), from_forest_);
                 },
                 [&](overlay::Received& received) {
                   forest_.received(now, received.from, std::move(received.message), from_forest_);
                 },
                 [&](overlay::Undelivered& message) {
                   forest_.undelivered(now, std::move(message), from_forest_);
                 },
                 [&](overlay::PeerLost& lost) {
                   forest_.peer_lost(now, lost.peer.id(), from_forest_);
                   if (abroad_) abroad_->borders.peer_lost(now, lost, from_borders_);
                   peer_lost(now, ring, lost.peer.id(), out);
                 },
                 [&](overlay::LeafSetChanged&) {
                   forest_.leaf_set_changed(now, from_forest_);
                   if (abroad_) abroad_->borders.leaf_set_changed(now, from_borders_);
                 },
                 [&](overlay::StateChanged& changed) {
                   out.push_back(changed);
                   if (changed.state == overlay::StateChanged::State::kResigned) {
                     stop(now, {true, changed.reason}, out);
                   }
                 },
                 [&](overlay::Notice& notice) { out.push_back(std::move(notice)); },
             },
             effect);
}

void Broker::from_global(Time now, overlay::Effect effect, Effects& out) {
  constexpr auto ring = overlay::RingScope::kGlobal;
  using overlay::Notice;
  std::visit(Match{
                 [&](overlay::Dial& dial) { out.push_back(DialPeer{std::move(dial.endpoint)}); },
                 [&](overlay::Arrived& arrival) {
                   abroad_->borders.arrived(now, std::move(arrival), from_borders_);
                 },
                 [&](overlay::Received& received) {
                   abroad_->borders.received(now, received.from, std::move(received.message),
                                             from_borders_);
                 },
                 [&](overlay::PeerLost& lost) {
                   abroad_->borders.peer_lost(now, lost, from_borders_);
                   peer_lost(now, ring, lost.peer.id(), out);
                 },
                 [&](overlay::LeafSetChanged&) {
                   rings_.leaf_set_changed(now, ring);
                   abroad_->borders.leaf_set_changed(now, from_borders_);
                 },
                 [&](overlay::StateChanged& changed) {
                   rings_.state_changed(now, ring, changed.state);
                   if (changed.state == overlay::StateChanged::State::kActive &&
                       !rings_.global().right_leaves().empty()) {
                     abroad_->borders.joined(now);
                   }
                   std::string text = "global ring: " + std::string(to_string(changed.state));
                   if (!changed.reason.empty()) text += ": " + changed.reason;
                   out.push_back(Notice{Notice::Level::kInfo, std::move(text), rings_.self().id()});
                   if (changed.state == overlay::StateChanged::State::kResigned) {
                     stop(now, {true, changed.reason}, out);
                   }
                 },
                 [&](Notice& notice) {
                   notice.text = "global ring: " + notice.text;
                   out.push_back(std::move(notice));
                 },
                 [&](auto&) { ++unclaimed_messages_; },  // it is said again
             },
             effect);
}

void Broker::peer_lost(Time now, overlay::RingScope ring, overlay::NodeId peer, Effects& out) {
  if (rings_.lost(now, ring, peer)) out.push_back(ForgetPeer{peer});
}

}  // namespace phyllo::broker
