#include "overlay/peers.h"

#include <algorithm>

namespace phyllo::overlay {

Peer* Peers::find(NodeId id) {
  const auto it = peers_.find(id);
  return it == peers_.end() ? nullptr : &it->second;
}

const Peer* Peers::find(NodeId id) const {
  const auto it = peers_.find(id);
  return it == peers_.end() ? nullptr : &it->second;
}

Peer* Peers::meet(const Contact& contact, Time now) {
  if (Peer* known = find(contact.id())) {
    if (known->contact.incarnation() < contact.incarnation()) *known = Peer{contact, now, now};
    return known;
  }
  if (peers_.size() >= kLimit) return nullptr;
  return &peers_.emplace(contact.id(), Peer{contact, now, now}).first->second;
}

void Peers::forget_idle(Time before, const std::function<bool(NodeId)>& keep) {
  // The order of this walk leaves no trace.
  std::erase_if(peers_, [&](const auto& entry) {
    return std::max(entry.second.heard, entry.second.sent) < before && !keep(entry.first);
  });
}

}  // namespace phyllo::overlay
