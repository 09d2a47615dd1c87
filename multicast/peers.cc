#include "multicast/peers.h"

namespace phyllo::multicast {
namespace {

/// Pulses of many nodes must not fall into step.
constexpr double kSpread = 0.1;

}  // namespace

void Peers::add_parent(Time now, const overlay::Contact& contact, const TopicId& topic) {
  get(now, contact).parent_in.insert(topic);
}

void Peers::add_child(Time now, const overlay::Contact& contact, const TopicId& topic) {
  get(now, contact).child_in.insert(topic);
}

void Peers::drop_parent(overlay::NodeId id, const TopicId& topic) {
  if (Peer* peer = find(id)) peer->parent_in.erase(topic);
  drop_if_idle(id);
}

void Peers::drop_child(overlay::NodeId id, const TopicId& topic) {
  if (Peer* peer = find(id)) peer->child_in.erase(topic);
  drop_if_idle(id);
}

Peer* Peers::find(overlay::NodeId id) {
  const auto found = peers_.find(id);
  return found == peers_.end() ? nullptr : &found->second;
}

void Peers::heard(Time now, overlay::NodeId id) {
  if (Peer* peer = find(id)) peer->heard = now;
}

std::vector<overlay::NodeId> Peers::take_due(Time now) {
  auto due = pulses_.take_due(now);
  for (const auto& id : due) pulses_.set(id, now + random_.around(heartbeat_, kSpread));
  return due;
}

Peer& Peers::get(Time now, const overlay::Contact& contact) {
  const auto [entry, fresh] =
      peers_.try_emplace(contact.id(), Peer{contact, now, {}, {}, {}, {}, {}, {}});
  if (fresh) pulses_.set(contact.id(), now + random_.around(heartbeat_, kSpread));
  entry->second.contact = contact;
  return entry->second;
}

void Peers::drop_if_idle(overlay::NodeId id) {
  const Peer* peer = find(id);
  if (peer == nullptr || !peer->parent_in.empty() || !peer->child_in.empty()) return;
  peers_.erase(id);
  pulses_.cancel(id);
}

}  // namespace phyllo::multicast
