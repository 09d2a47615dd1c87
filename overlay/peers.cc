#include "overlay/peers.h"

#include <algorithm>
#include <bit>

namespace phyllo::overlay {

void Peers::foresee(NodeId id) const {
  if (!index_.empty()) __builtin_prefetch(&index_[first_slot_of(id)]);
}

std::size_t Peers::first_slot_of(NodeId id) const {
  const std::size_t hash = std::hash<NodeId>()(id);
  return (hash ^ hash >> 32) & (index_.size() - 1);
}

std::size_t Peers::slot_of(NodeId id) const {
  const std::size_t mask = index_.size() - 1;
  std::size_t slot = first_slot_of(id);
  while (index_[slot] != kNobody && peers_[index_[slot]].contact.id() != id) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

Peer* Peers::find(NodeId id) {
  return const_cast<Peer*>(static_cast<const Peers*>(this)->find(id));
}

const Peer* Peers::find(NodeId id) const {
  if (index_.empty()) return nullptr;
  const Place place = index_[slot_of(id)];
  return place == kNobody ? nullptr : &peers_[place];
}

Peer* Peers::meet(const Contact& contact, Time now) {
  if (Peer* known = find(contact.id())) {
    if (known->contact.incarnation() < contact.incarnation()) *known = Peer{contact, now, now};
    return known;
  }
  const std::size_t count = peers_.size();
  if (count >= kLimit) return nullptr;
  if (count == peers_.capacity()) peers_.reserve(count + count / 4 + 4);
  peers_.push_back(Peer{contact, now, now});
  if (2 * peers_.size() > index_.size()) {
    index_anew();
  } else {
    index_[slot_of(contact.id())] = static_cast<Place>(count);
  }
  return &peers_.back();
}

void Peers::forget(NodeId id) {
  if (std::erase_if(peers_, [&](const Peer& peer) { return peer.contact.id() == id; }) > 0) {
    index_anew();
  }
}

std::vector<Contact> Peers::forget_idle(Time before, const std::function<bool(NodeId)>& keep) {
  std::vector<Contact> spoke;
  const std::size_t forgotten = std::erase_if(peers_, [&](const Peer& peer) {
    if (std::max(peer.heard, peer.sent) >= before || keep(peer.contact.id())) return false;
    if (peer.spoke && !peer.suspected) spoke.push_back(peer.contact);
    return true;
  });
  if (forgotten > 0) index_anew();
  return spoke;
}

void Peers::index_anew() {
  index_.assign(std::bit_ceil(2 * std::max<std::size_t>(peers_.size(), 8)), kNobody);
  for (std::size_t place = 0; place < peers_.size(); ++place) {
    index_[slot_of(peers_[place].contact.id())] = static_cast<Place>(place);
  }
}

}  // namespace phyllo::overlay
