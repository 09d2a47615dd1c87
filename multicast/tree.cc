#include "multicast/tree.h"

#include <algorithm>

namespace phyllo::multicast {

Child* Tree::child(overlay::NodeId id) {
  const auto found = children_.find(id);
  return found == children_.end() ? nullptr : &found->second;
}

std::uint64_t Tree::subscribers() const {
  std::uint64_t sum = local_subscribers;
  for (const auto& [id, child] : children_) sum += child.subscribers;
  return sum;
}

bool Tree::quiet() const {
  const Rooted* root = rooted();
  return root != nullptr && !root->previous && root->numbered.empty() && tracker.untouched() &&
         *tracker.position() == root->position && children_.empty() && departing.empty() &&
         !awaiting && !count_changed && window.empty() && !inherited && !bequest &&
         kept() == Time{} && !heir_of && !followed_previous;
}

Gate Tree::gate() const {
  if (const Rooted* root = rooted()) return root->gate;
  return attached() != nullptr ? attached()->gate : Gate::kClosed;
}

bool Tree::is_parent(overlay::NodeId id) const {
  return attached() != nullptr && attached()->parent.id() == id;
}

bool Tree::welcomes(overlay::NodeId id) const {
  if (const Seeking* search = seeking()) return search->previous && search->previous->id() == id;
  if (attached() != nullptr && attached()->overlap && attached()->overlap->old.id() == id) {
    return true;
  }
  return is_parent(id);
}

bool Tree::below(overlay::NodeId ancestor) const {
  return attached() != nullptr && (attached()->parent.id() == ancestor ||
                                   std::ranges::count(attached()->path, ancestor) > 0);
}

bool Tree::all_departed(Time now) const {
  return std::ranges::all_of(departing,
                             [&](const auto& entry) { return entry.second.until <= now; });
}

bool Tree::spliceable(Time now) const {
  return attached() != nullptr && !attached()->overlap && local_subscribers == 0 &&
         children_.size() == 1 && all_departed(now) && now >= kept_until && now >= stays_until;
}

std::vector<overlay::NodeId> Tree::path_through(overlay::NodeId self) const {
  std::vector<overlay::NodeId> path;
  if (attached() != nullptr) path = attached()->path;
  path.push_back(self);
  return path;
}

std::optional<StreamHead> Tree::head() const {
  if (rooted() != nullptr) return rooted()->head();
  if (!tracker.position()) return std::nullopt;
  return StreamHead{*tracker.position(), followed_previous.optional()};
}

namespace {

std::uint64_t mixed(std::uint64_t state, std::uint64_t value) {
  state = (state ^ value) * 0x9e3779b97f4a7c15u;
  return state ^ (state >> 29);
}

std::uint64_t mixed(std::uint64_t state, overlay::NodeId id) {
  state = mixed(state, static_cast<std::uint64_t>(id.value() >> 64));
  return mixed(state, static_cast<std::uint64_t>(id.value()));
}

}  // namespace

std::uint64_t digest(const std::vector<overlay::NodeId>& path,
                     const std::optional<StreamId>& stream, bool live, Gate gate) {
  std::uint64_t state = live ? 1 : 2;
  if (gate == Gate::kClosed) state += 2;
  for (const auto& id : path) state = mixed(state, id);
  if (stream) {
    state = mixed(state, stream->root);
    state = mixed(state, stream->incarnation);
    state = mixed(state, stream->generation);
  }
  return state;
}

}  // namespace phyllo::multicast
