#include "overlay/routing.h"

namespace phyllo::overlay {
namespace {

/// Keeps the best candidate seen: better standing first, then longer shared prefix, then closer.
class Best {
 public:
  Best(Key key, NodeId self, const StandingOf& standing)
      : key_(key), self_(self), self_shared_(shared_digits(key, self)), standing_(standing) {}

  void consider(const Contact& contact) {
    const NodeId id = contact.id();
    const int shared = shared_digits(key_, id);
    if (shared < self_shared_ || !closer(key_, id, self_)) return;
    const Standing standing = standing_(id);
    if (standing == Standing::kExcluded) return;
    if (contact_ && !better(standing, shared, id)) return;
    contact_ = &contact;
    best_standing_ = standing;
    best_shared_ = shared;
  }

  const Contact* contact() const { return contact_; }
  Standing standing() const { return best_standing_; }

 private:
  bool better(Standing standing, int shared, NodeId id) const {
    if (standing != best_standing_) return standing < best_standing_;
    if (shared != best_shared_) return shared > best_shared_;
    return closer(key_, id, contact_->id());
  }

  Key key_;
  NodeId self_;
  int self_shared_;
  const StandingOf& standing_;
  const Contact* contact_ = nullptr;
  Standing best_standing_ = Standing::kExcluded;
  int best_shared_ = 0;
};

const Contact* closest_leaf(Key key, const LeafSet& leaves, const StandingOf& standing) {
  const Contact* best = nullptr;
  NodeId best_id = leaves.owner();
  for (const auto* side : {&leaves.right(), &leaves.left()}) {
    for (const Contact& contact : *side) {
      if (!closer(key, contact.id(), best_id)) continue;
      if (standing(contact.id()) == Standing::kExcluded) continue;
      best = &contact;
      best_id = contact.id();
    }
  }
  return best;
}

/// The root, if others told of all who stand around the key. Nobody vouches for it: only a good one
/// will do.
const Contact* rumored_root(Key key, const LeafSet& rumored, const StandingOf& standing) {
  if (rumored.whole_ring() || !rumored.covers(key)) return nullptr;  // not heard enough yet
  const Contact* root = closest_leaf(key, rumored, standing);
  if (!root || standing(root->id()) != Standing::kGood) return nullptr;
  const int shared = shared_digits(key, rumored.owner());
  return shared_digits(key, root->id()) >= shared ? root : nullptr;
}

}  // namespace

Route route(Key key, const LeafSet& leaves, const LeafSet& rumored, const RoutingTable& table,
            const StandingOf& standing) {
  if (leaves.covers(key)) {
    const Contact* root = closest_leaf(key, leaves, standing);
    if (!root) return {Route::Kind::kHere, std::nullopt};
    return {Route::Kind::kLastHop, *root};
  }
  if (const Contact* root = rumored_root(key, rumored, standing)) {
    return {Route::Kind::kLeap, *root};
  }
  const Contact* entry = table.next_for(key);
  if (entry && standing(entry->id()) == Standing::kGood) return {Route::Kind::kHop, *entry};

  Best best(key, leaves.owner(), standing);
  for (const Contact& contact : leaves.right()) best.consider(contact);
  for (const Contact& contact : leaves.left()) best.consider(contact);
  for (int row = 0; row < table.rows(); ++row) {
    for (const Contact& contact : table.row(row)) best.consider(contact);
  }
  if (entry && standing(entry->id()) != Standing::kExcluded &&
      (!best.contact() || standing(entry->id()) <= best.standing())) {
    return {Route::Kind::kHop, *entry};
  }
  if (best.contact()) return {Route::Kind::kHop, *best.contact()};
  return {Route::Kind::kStuck, std::nullopt};
}

}  // namespace phyllo::overlay
