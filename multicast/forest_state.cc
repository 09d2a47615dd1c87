#include "multicast/forest_state.h"

#include <algorithm>
#include <utility>

namespace phyllo::multicast {

ForestState::ForestState(ForestConfig forest_config, const overlay::Node& overlay_node,
                         std::uint64_t seed, Admission admits)
    : config(forest_config),
      node(overlay_node),
      random(seed),
      trees(overlay_node.self().id(), seed),
      peers(forest_config.heartbeat, random.fork()),
      admits_(std::move(admits)),
      attempt_(random.next() >> kAttemptLifeShift << kAttemptLifeShift),
      generation_(static_cast<std::uint32_t>(random.next())),
      no_stream_(generation_ - 1) {}

bool ForestState::is_root(Time now, const Tree& tree) const {
  if (leaving) return tree.rooted() != nullptr;
  const overlay::Key key = tree.id().key();
  if (node.is_root(key)) return true;
  if (tree.rooted() == nullptr || !tree.heir_of || now >= tree.kept_until) return false;
  const overlay::Contact closest = node.replica_set(key, 1).front();
  return closest.id() == tree.heir_of->id() && closest.incarnation() == tree.heir_of->incarnation();
}

bool ForestState::is_root(Time now, const TopicId& topic) const {
  if (const Tree* tree = trees.find_awake(topic)) return is_root(now, *tree);
  return !leaving && node.is_root(topic.key());
}

std::optional<overlay::Contact> ForestState::successor(const TopicId& topic) const {
  for (const auto& next : node.replica_set(topic.key(), 2)) {
    if (next.id() != self()) return next;
  }
  return std::nullopt;
}

StreamId ForestState::no_stream() {
  if (generation_ != no_stream_) no_stream_ = next_generation();
  return {self(), node.self().incarnation(), generation_};
}

/// Rises across restarts of this node as well: a later life starts above all numbers of the
/// earlier.
Attempt ForestState::next_attempt() {
  attempt_ = std::max(attempt_, static_cast<Attempt>(node.self().incarnation()) << 32) + 1;
  return attempt_;
}

Attempt ForestState::prunable(const TopicId& topic) const {
  const Tree* tree = trees.find_awake(topic);
  const Seeking* search = tree == nullptr ? nullptr : tree->seeking();
  if (search == nullptr || search->attempt == 0) return attempt_;
  return search->attempt - 1;
}

Tree* ForestState::find(const TopicId& topic) { return trees.find(topic); }

bool ForestState::admits(const TopicName& name) {
  if (!admits_ || admits_(name)) return true;
  ++stats.refused_topics;
  return false;
}

Tree* ForestState::find_or_make(const TopicName& name, const TopicId& id) {
  if (Tree* tree = find(id)) return tree;
  // As many again may be passed on for others as local programs may subscribe to.
  if (trees.size() >= 2 * config.topic_limit || !admits(name)) return nullptr;
  return &trees.add(name, id);
}

void ForestState::rest() {
  if (leaving) return;
  trees.rest([&](const TopicId& topic) { return !searches.has(topic); });
}

void ForestState::erase(const TopicId& topic) {
  searches.cancel(topic);
  Tree* tree = find(topic);
  if (tree == nullptr) return;
  if (tree->rooted() != nullptr) --rooted;
  take_overlap(*tree);
  note(*tree);
  trees.erase(topic);
}

void ForestState::seek(Tree& tree, Seeking seeking) {
  leave_place(tree);
  note(tree);
  tree.seek(std::move(seeking));
}

void ForestState::attach(Time now, Tree& tree, Attached attached) {
  leave_place(tree);
  peers.add_parent(now, attached.parent, tree.id());
  peers.heard(now, attached.parent.id());
  tree.attach(std::move(attached));
  tree.stays_until = now + config.refresh;
  stop_searching(tree);
}

void ForestState::take_root(Tree& tree, Rooted place) {
  leave_place(tree);
  ++rooted;
  tree.take_root(std::move(place));
  note(tree);
  stop_searching(tree);
}

/// A tree that is kept for children on their way here is still to be looked at when they are due:
/// at once when that was while it searched, since nobody else would find that it is not needed.
void ForestState::stop_searching(const Tree& tree) {
  if (tree.kept() == Time{}) {
    searches.cancel(tree.id());
  } else {
    searches.set(tree.id(), tree.kept());
  }
}

void ForestState::leave_place(Tree& tree) {
  if (tree.rooted() != nullptr) --rooted;
  if (const Attached* up = tree.attached()) peers.drop_parent(up->parent.id(), tree.id());
  take_overlap(tree);
  tree.count_changed = false;
}

std::optional<Overlap> ForestState::take_overlap(Tree& tree) {
  Attached* up = tree.attached();
  if (up == nullptr || !up->overlap) return std::nullopt;
  held_bytes -= up->overlap->held_bytes;
  return std::exchange(up->overlap, std::nullopt);
}

Child& ForestState::adopt(Time now, Tree& tree, const overlay::Contact& contact, Attempt attempt,
                          std::uint64_t subscribers) {
  const std::size_t before = tree.children().size();
  // A child that comes again learns what it was not told by comparing numbers with its new start.
  Child& child =
      tree.children()
          .insert_or_assign(contact.id(), Child{contact, attempt, subscribers, now, false, {}})
          .first->second;
  count_children(tree.id(), before, tree.children().size());
  tree.departing.erase(contact.id());
  peers.add_child(now, contact, tree.id());
  peers.heard(now, contact.id());
  count_changed(tree);
  return child;
}

void ForestState::drop_child(Tree& tree, overlay::NodeId id) {
  const std::size_t before = tree.children().size();
  if (tree.children().erase(id) == 0) return;
  count_children(tree.id(), before, before - 1);
  peers.drop_child(id, tree.id());
  count_changed(tree);
}

void ForestState::count_children(const TopicId& topic, std::size_t before, std::size_t after) {
  if (before == after) return;
  children += after - before;  // modulo 2^64: right in both directions
  load.erase({before, topic});
  if (after > 0) load.insert({after, topic});
}

/// Who subscribes to a tree without subscribers is the first one again.
void ForestState::note(Tree& tree) {
  if (config.extent == Extent::kWhole || tree.rooted() == nullptr) return;
  if (tree.subscribers() == 0) tree.rooted()->gate = Gate::kClosed;
  news_.insert(tree.id());
}

void ForestState::count_changed(Tree& tree) {
  note(tree);
  const Attached* up = tree.attached();
  if (up == nullptr || tree.count_changed) return;
  Peer* parent = peers.find(up->parent.id());
  if (parent == nullptr) return;
  tree.count_changed = true;
  parent->urgent_up.push_back(tree.id());
}

Gap ForestState::located(Gap gap) const {
  gap.where = self();
  gap.region = node.self().region();
  return gap;
}

}  // namespace phyllo::multicast
