#include "sim/ring/active_members.h"

namespace phyllo::sim {

using overlay::NodeId;

void ActiveMembers::add(StationId member, NodeId id) {
  if (!places_.emplace(member, members_.size()).second) return;
  members_.push_back({member, id});
  by_id_.emplace(id, member);
}

void ActiveMembers::remove(StationId member) {
  const auto found = places_.find(member);
  if (found == places_.end()) return;
  const std::size_t place = found->second;
  by_id_.erase({members_[place].id, member});
  places_.erase(found);
  if (place + 1 < members_.size()) {
    members_[place] = members_.back();
    places_[members_[place].station] = place;
  }
  members_.pop_back();
}

std::optional<NodeId> ActiveMembers::root_of(overlay::Key key) const {
  if (by_id_.empty()) return std::nullopt;
  auto above = by_id_.lower_bound({NodeId::at(key), 0});
  auto below = above == by_id_.begin() ? by_id_.end() : above;
  --below;
  if (above == by_id_.end()) above = by_id_.begin();
  return overlay::closer(key, below->first, above->first) ? below->first : above->first;
}

}  // namespace phyllo::sim
