#include "overlay/leaf_set.h"

#include <algorithm>

#include "base/check.h"

namespace phyllo::overlay {
namespace {

using Side = LeafSet::Side;

/// How far `id` is from the owner, going the way of that side.
Uint128 reach(Side side, NodeId owner, NodeId id) {
  return side == Side::kRight ? clockwise(owner, id) : clockwise(id, owner);
}

const Contact* find_in(const std::vector<Contact>& side, NodeId id) {
  const auto it = std::find_if(side.begin(), side.end(),
                               [&](const Contact& contact) { return contact.id() == id; });
  return it == side.end() ? nullptr : &*it;
}

bool erase_from(std::vector<Contact>& side, NodeId id) {
  return std::erase_if(side, [&](const Contact& contact) { return contact.id() == id; }) > 0;
}

}  // namespace

LeafSet::LeafSet(NodeId owner, std::size_t size) : owner_(owner), half_(size / 2) {
  PHYLLO_CHECK(size >= 2 && size % 2 == 0);
}

std::vector<Contact> LeafSet::members() const {
  std::vector<Contact> all = right_;
  for (const Contact& contact : left_) {  // on an arc nobody stands on both sides
    if (!whole_ring_ || !find_in(right_, contact.id())) all.push_back(contact);
  }
  return all;
}

std::size_t LeafSet::size() const {
  if (!whole_ring_) return left_.size() + right_.size();
  const auto shared = std::count_if(left_.begin(), left_.end(), [&](const Contact& contact) {
    return find_in(right_, contact.id()) != nullptr;
  });
  return left_.size() + right_.size() - static_cast<std::size_t>(shared);
}

const Contact* LeafSet::find(NodeId id) const {
  const Contact* found = find_in(right_, id);
  return found ? found : find_in(left_, id);
}

bool LeafSet::next_to_owner(NodeId id) const {
  return (!left_.empty() && left_.front().id() == id) ||
         (!right_.empty() && right_.front().id() == id);
}

bool LeafSet::belongs(Side side, NodeId id) const {
  if (whole_ring_) return true;
  // On an arc a node stands on one side only: where the known members put it, or else, in the gap
  // beyond the outermost ones, on its nearer side.
  const Side other = side == Side::kRight ? Side::kLeft : Side::kRight;
  const auto& here = this->side(side);
  const auto& there = this->side(other);
  const Uint128 distance_here = reach(side, owner_, id);
  const Uint128 distance_there = reach(other, owner_, id);
  if (!here.empty() && distance_here <= reach(side, owner_, here.back().id())) return true;
  if (!there.empty() && distance_there <= reach(other, owner_, there.back().id())) return false;
  return distance_here <= distance_there;
}

bool LeafSet::wants_on(Side side, NodeId id) const {
  if (!belongs(side, id)) return false;
  const auto& members = this->side(side);
  if (find_in(members, id)) return false;
  return members.size() < half_ ||
         reach(side, owner_, id) < reach(side, owner_, members.back().id());
}

bool LeafSet::wants(NodeId id) const {
  if (id == owner_) return false;
  return wants_on(Side::kRight, id) || wants_on(Side::kLeft, id);
}

bool LeafSet::insert_on(Side side, const Contact& contact) {
  if (!wants_on(side, contact.id())) return false;
  auto& members = side == Side::kRight ? right_ : left_;
  const auto place = std::find_if(members.begin(), members.end(), [&](const Contact& member) {
    return reach(side, owner_, contact.id()) < reach(side, owner_, member.id());
  });
  members.insert(place, contact);
  if (members.size() > half_) members.pop_back();
  return true;
}

bool LeafSet::insert(const Contact& contact) {
  if (contact.id() == owner_) return false;
  bool changed = false;
  for (auto* side : {&right_, &left_}) {
    for (Contact& member : *side) {
      if (member.id() == contact.id() && member.incarnation() < contact.incarnation()) {
        member = contact;
        changed = true;
      }
    }
  }
  changed |= insert_on(Side::kRight, contact);
  changed |= insert_on(Side::kLeft, contact);
  if (changed) ++version_;
  notice_growth();
  return changed;
}

void LeafSet::notice_growth() {
  if (!whole_ring_) return;
  if (right_.size() == half_ && left_.size() == half_ && size() == 2 * half_) whole_ring_ = false;
}

bool LeafSet::remove(NodeId id) {
  const bool from_right = erase_from(right_, id);
  const bool from_left = erase_from(left_, id);
  if (!from_right && !from_left) return false;
  if (whole_ring_ && !broken()) refill();
  if (from_right && right_.empty()) right_broken_ = true;
  if (from_left && left_.empty()) left_broken_ = true;
  ++version_;
  return true;
}

void LeafSet::assume_whole_ring() {
  whole_ring_ = true;
  refill();
}

void LeafSet::refill() {
  for (const Contact& contact : members()) insert(contact);
}

bool LeafSet::complete() const {
  return whole_ring_ || (right_.size() == half_ && left_.size() == half_);
}

bool LeafSet::covers(Key key) const {
  if (whole_ring_ && !broken()) return true;
  const NodeId last = right_.empty() || right_broken_ ? owner_ : right_.back().id();
  const NodeId first = left_.empty() || left_broken_ ? owner_ : left_.back().id();
  return clockwise(first, key) <= clockwise(first, last);
}

}  // namespace phyllo::overlay
