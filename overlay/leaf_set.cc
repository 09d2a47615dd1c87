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

/// Each side stands in the order of its reach: who is farther than the last one is not there.
const Contact* find_in(const std::vector<Contact>& members, Side side, NodeId owner, NodeId id) {
  if (members.empty()) return nullptr;
  if (reach(side, owner, members.back().id()) < reach(side, owner, id)) return nullptr;
  const auto it = std::find_if(members.begin(), members.end(),
                               [&](const Contact& contact) { return contact.id() == id; });
  return it == members.end() ? nullptr : &*it;
}

bool erase_from(std::vector<Contact>& side, NodeId id) {
  return std::erase_if(side, [&](const Contact& contact) { return contact.id() == id; }) > 0;
}

}  // namespace

LeafSet::LeafSet(NodeId owner, std::size_t size) : owner_(owner), half_(size / 2) {
  PHYLLO_CHECK(size >= 2 && size % 2 == 0);
}

std::vector<Contact> LeafSet::members() const {
  std::vector<Contact> all;
  all.reserve(right_.size() + left_.size());
  all = right_;
  for (const Contact& contact : left_) {  // on an arc nobody stands on both sides
    if (!whole_ring_ || !find_on(Side::kRight, contact.id())) all.push_back(contact);
  }
  return all;
}

std::size_t LeafSet::size() const {
  if (!whole_ring_) return left_.size() + right_.size();
  const auto shared = std::count_if(left_.begin(), left_.end(), [&](const Contact& contact) {
    return find_on(Side::kRight, contact.id()) != nullptr;
  });
  return left_.size() + right_.size() - static_cast<std::size_t>(shared);
}

const Contact* LeafSet::find(NodeId id) const {
  const Contact* found = find_on(Side::kRight, id);
  return found ? found : find_on(Side::kLeft, id);
}

const Contact* LeafSet::find_on(Side side, NodeId id) const {
  return find_in(this->side(side), side, owner_, id);
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
  const auto& members = this->side(side);
  const bool full = members.size() == half_;
  if (full && reach(side, owner_, members.back().id()) <= reach(side, owner_, id)) return false;
  return belongs(side, id) && !find_on(side, id);
}

bool LeafSet::wants(NodeId id) const {
  if (id == owner_) return false;
  return wants_on(Side::kRight, id) || wants_on(Side::kLeft, id);
}

bool LeafSet::insert_on(Side side, const Contact& contact) {
  auto& members = side == Side::kRight ? right_ : left_;
  if (const Contact* known = find_on(side, contact.id())) {
    if (known->incarnation() >= contact.incarnation()) return false;
    members[static_cast<std::size_t>(known - members.data())] = contact;
    return true;
  }
  if (!wants_on(side, contact.id())) return false;
  const auto place = std::find_if(members.begin(), members.end(), [&](const Contact& member) {
    return reach(side, owner_, contact.id()) < reach(side, owner_, member.id());
  });
  if (members.size() == half_) members.pop_back();  // not the one that `place` stands before
  members.insert(place, contact);
  return true;
}

bool LeafSet::insert(const Contact& contact) {
  if (contact.id() == owner_) return false;
  const bool on_right = insert_on(Side::kRight, contact);
  const bool on_left = insert_on(Side::kLeft, contact);
  const bool changed = on_right || on_left;
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
