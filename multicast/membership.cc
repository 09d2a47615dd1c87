#include "multicast/membership.h"

#include <algorithm>
#include <string>
#include <utility>

#include "multicast/bottleneck.h"

namespace phyllo::multicast {

Outcome Membership::set_local_subscribers(Turn& turn, const TopicName& topic, std::uint64_t count) {
  const TopicId id = TopicId::of(topic);
  const Tree* tree = state_.find(id);
  const std::uint64_t before = tree == nullptr ? 0 : tree->local_subscribers;
  if (count > before) return raise_local_subscribers(turn, topic, id, count);
  lower_local_subscribers(turn, id, count);
  return Done{};
}

Outcome Membership::raise_local_subscribers(Turn& turn, const TopicName& topic, const TopicId& id,
                                            std::uint64_t count) {
  Tree* tree = state_.find(id);
  if (tree != nullptr && tree->local_subscribers >= count) return Done{};
  if (tree == nullptr || tree->local_subscribers == 0) {
    if (state_.leaving) return Error{ErrorCode::kUnavailable, "this broker is leaving"};
    if (!state_.admits(topic)) {
      return Error{ErrorCode::kRefused, "topic '" + topic.text() + "' must not be used here"};
    }
    if (state_.subscribed >= state_.config.topic_limit ||
        (tree = state_.find_or_make(topic, id)) == nullptr) {
      return Error{ErrorCode::kLimit, "this broker takes part in " +
                                          std::to_string(state_.subscribed) + " topics already"};
    }
    ++state_.subscribed;
  }
  tree->local_subscribers = count;
  state_.count_changed(*tree);
  tree->awaiting = true;
  Seeking* search = tree->seeking();
  if (search != nullptr && (search->attempt == 0 || search->told_full)) {
    search_.graft(turn, *tree);
  } else {
    dissemination_.acknowledge(turn, *tree);
  }
  return Done{};
}

void Membership::lower_local_subscribers(Turn& turn, const TopicId& topic, std::uint64_t left) {
  Tree* tree = state_.find(topic);
  if (tree == nullptr || tree->local_subscribers <= left) return;
  if (left == 0) {
    --state_.subscribed;
    tree->awaiting = false;
    tree->attended = false;
  }
  tree->local_subscribers = left;
  state_.count_changed(*tree);
  remove_unless_needed(turn, *tree);
}

void Membership::on_graft(Turn& turn, const overlay::Contact& from, const Graft& graft, Way way) {
  const TopicId topic = TopicId::of(graft.topic);
  const auto refuse = [&](Dismiss::Why why, std::vector<Alternative> alternatives) {
    turn.send(from, Dismiss{topic, graft.attempt, why, std::move(alternatives)});
  };
  Tree* tree = state_.find(topic);
  if (state_.leaving && (tree == nullptr || !succession_.admits(*tree, from.id()))) {
    const bool named = tree != nullptr && tree->bequest;
    const auto next = named ? tree->bequest->heir : state_.successor(topic);
    if (!next || next->id() == from.id()) return refuse(Dismiss::Why::kLeaving, {});
    return refuse(Dismiss::Why::kLeaving, {{*next, state_.node.proximity(next->id())}});
  }
  if (tree != nullptr && way == Way::kDirect) {
    // Taking a child while looking for a parent is how two evicted siblings would adopt each other.
    const bool adrift = tree->seeking() != nullptr && !tree->inherited;
    if (adrift && !state_.node.is_root(topic.key())) return refuse(Dismiss::Why::kUnready, {});
    if (tree->below(from.id())) return refuse(Dismiss::Why::kCycle, {});
  }
  if (tree == nullptr && (tree = state_.find_or_make(graft.topic, topic)) == nullptr) {
    // Another one may take part in it, nearer to the root.
    const auto next = state_.node.next_hop(topic.key());
    if (!next || next->id() == from.id()) return refuse(Dismiss::Why::kFull, {});
    return refuse(Dismiss::Why::kFull, {{*next, state_.node.proximity(next->id())}});
  }
  if (tree->below(from.id())) {
    // An ancestor without a parent comes to us on its way to the key: we are nearer to the root
    // than it is, so it is we who have to look for another way up.
    turn.send(tree->attached()->parent, Prune{topic, tree->attached()->attempt});
    state_.seek(*tree, {});
  }
  adopt(turn, *tree, from, graft.attempt, graft.subscribers, Newcomer::kAny);
}

void Membership::adopt(Turn& turn, Tree& tree, const overlay::Contact& from, Attempt attempt,
                       std::uint64_t subscribers, Newcomer newcomer) {
  const TopicId topic = tree.id();
  const bool served = tree.child(from.id()) != nullptr || tree.departing.contains(from.id());
  state_.adopt(turn.now(), tree, from, attempt, subscribers);
  shed(turn, topic, from.id(), newcomer);
  Tree* kept = state_.find(topic);
  if (kept == nullptr) return;
  // Whom nothing went to before, and for whom there is no room, nothing goes to afterwards.
  if (!served && kept->child(from.id()) == nullptr) kept->departing.erase(from.id());
  const Seeking* search = kept->seeking();
  if ((search != nullptr && search->attempt == 0) ||
      (!kept->rooted() && state_.node.is_root(topic.key()))) {
    search_.graft(turn, *kept);
  }
  if (Child* child = kept->child(from.id())) dissemination_.tell(turn, *kept, *child, attempt);
}

/// Always takes the newcomer and then lets go the farthest: the tree is deeper for those far away.
/// A node that leaves takes only its heirs, and has no place to send anybody to before they are.
void Membership::shed(Turn& turn, const TopicId& topic, overlay::NodeId newcomer, Newcomer kind) {
  const std::size_t limit = state_.config.children_limit;
  while (limit != 0 && !state_.leaving && state_.children > limit) {
    const auto [most, busiest] = *state_.load.rbegin();
    ++state_.stats.children_shed;
    if (most > 1) {
      Tree& tree = *state_.find(busiest);
      std::optional<overlay::NodeId> spare;
      if (kind == Newcomer::kOldRoot && busiest == topic) spare = newcomer;
      const overlay::NodeId child = farthest_child(state_.node, tree.children(), spare);
      dismiss(turn, tree, child, siblings(state_.node, tree.children(), child));
    } else {
      Tree& tree = *state_.find(topic);
      dismiss(turn, tree, newcomer, way_up(tree));
    }
  }
}

void Membership::dismiss(Turn& turn, Tree& tree, overlay::NodeId id,
                         std::vector<Alternative> alternatives) {
  const Child& child = *tree.child(id);
  turn.send(child.contact,
            Dismiss{tree.id(), child.attempt, Dismiss::Why::kFull, std::move(alternatives)});
  tree.departing.insert_or_assign(
      id, Tree::Departing{child.contact, turn.now() + state_.config.parent_timeout});
  drop_child(turn, tree.id(), id);
}

std::vector<Alternative> Membership::way_up(const Tree& tree) const {
  std::optional<overlay::Contact> up = state_.node.next_hop(tree.id().key());
  if (tree.attached() != nullptr) up = tree.attached()->parent;
  if (!up) return {};
  return {{*up, state_.node.proximity(up->id())}};
}

/// Routed to the root; or from a root that leaves, straight to the one that is root from now on,
/// even if that one leaves next.
void Membership::on_hand_over(Turn& turn, const overlay::Contact& from, const HandOver& hand_over) {
  const bool leaving = hand_over.stage == HandOver::Stage::kLeaves;
  const TopicId topic = TopicId::of(hand_over.topic);
  Tree* tree = state_.leaving ? state_.find(topic) : state_.find_or_make(hand_over.topic, topic);
  if (tree == nullptr || (state_.leaving && (!leaving || tree->rooted() != nullptr))) return;
  if (leaving) {
    tree->kept_until = turn.now() + state_.config.child_timeout;
    tree->heir_of = from;
    state_.searches.set(tree->id(), tree->kept_until);
  }
  if (tree->rooted() != nullptr) {
    roots_.inherit(turn, *tree, hand_over.ended);
  } else {
    dissemination_.end_overlap(turn, *tree);
    tree->inherited = hand_over.ended;
    roots_.take(turn, *tree);
    if (leaving) state_.searches.set(tree->id(), tree->kept_until);
  }
  if (leaving && hand_over.subscribers == 0) tree->rooted()->settled = turn.now();
  if (state_.leaving) {
    succession_.begin(turn, *tree);
  } else if (from.id() == state_.self()) {
    // Root again before the hand-over found another one; who it was for may have gone meanwhile.
    remove_unless_needed(turn, *tree);
  } else if (!leaving) {
    adopt(turn, *tree, from, hand_over.attempt, hand_over.subscribers, Newcomer::kOldRoot);
  }
}

void Membership::on_prune(Turn& turn, const overlay::Contact& from, const Prune& prune) {
  Tree* tree = state_.find(prune.topic);
  if (tree == nullptr) return;
  tree->departing.erase(from.id());
  const Child* child = tree->child(from.id());
  // An old prune that was overtaken by a new graft means nothing any more.
  if (child != nullptr && prune.attempt >= child->attempt) {
    drop_child(turn, prune.topic, from.id());
  } else {
    succession_.child_gone(turn, *tree);
  }
}

void Membership::drop_child(Turn& turn, const TopicId& topic, overlay::NodeId child) {
  Tree* tree = state_.find(topic);
  if (tree == nullptr) return;
  state_.drop_child(*tree, child);
  if (!succession_.child_gone(turn, *tree)) remove_unless_needed(turn, *tree);
}

void Membership::remove_unless_needed(Turn& turn, Tree& tree) {
  if (tree.needed(turn.now())) {
    // Where nobody is left who could say that it is over, time does.
    const bool kept = tree.rooted() != nullptr && turn.now() < tree.kept();
    if (kept && !state_.searches.has(tree.id())) state_.searches.set(tree.id(), tree.kept());
    return;
  }
  if (const Attached* up = tree.attached()) {
    if (up->overlap) turn.send(up->overlap->old, Prune{tree.id(), up->attempt - 1});
    turn.send(up->parent, Prune{tree.id(), up->attempt});
    state_.seek(tree, {});
  } else if (const Seeking* search = tree.seeking(); search != nullptr && search->previous) {
    turn.send(*search->previous, Prune{tree.id(), search->attempt});
  }
  state_.erase(tree.id());
}

void Membership::peer_lost(Turn& turn, overlay::NodeId id) {
  // It may have been the root of anything that is published now.
  state_.settled = std::max(state_.settled, turn.now() + state_.settling());
  const Peer* peer = state_.peers.find(id);
  if (peer == nullptr) return;
  const auto child_in = peer->child_in;
  const auto parent_in = peer->parent_in;
  for (const TopicId& topic : child_in) drop_child(turn, topic, id);
  for (const TopicId& topic : parent_in) {
    Tree* tree = state_.find(topic);
    if (tree != nullptr && tree->is_parent(id)) {
      search_.lose_parent(turn, *tree, Search::Farewell::kSilent);
    }
  }
}

void Membership::leaf_set_changed(Turn& turn) {
  const bool active = state_.node.active();
  if (active && !was_active_) state_.settled = turn.now() + state_.settling();
  was_active_ = active;
  if (state_.leaving) return succession_.leaf_set_changed(turn);
  // Those that rest have no news but that this node is their root no longer.
  state_.trees.awaken_if([&](const TopicId& topic) { return !state_.node.is_root(topic.key()); });
  for (const TopicId& topic : state_.topics_where([](const Tree&) { return true; })) {
    if (Tree* tree = state_.find(topic)) review(turn, *tree);
  }
}

void Membership::review(Turn& turn, Tree& tree) {
  if (state_.node.is_root(tree.id().key())) tree.heir_of.reset();
  const bool root = state_.is_root(turn.now(), tree);
  if (tree.rooted() != nullptr) {
    if (root) return;
    // Nobody publishes through this node any longer.
    tree.used_until = std::min(tree.used_until, turn.now() + state_.config.refresh);
    roots_.step_down(tree);
    search_.graft(turn, tree);
  } else if (root) {
    dissemination_.end_overlap(turn, tree);
    roots_.take(turn, tree);
  } else if (tree.seeking() != nullptr && tree.seeking()->attempt == 0 && state_.node.active() &&
             !tree.seeking()->told_full) {
    search_.graft(turn, tree);
  }
}

void Membership::due(Turn& turn, const TopicId& topic) {
  Tree* tree = state_.find(topic);
  if (tree == nullptr) return;
  dissemination_.end_overlap(turn, *tree);
  if (tree->rooted() != nullptr) review(turn, *tree);
  if (tree->seeking() != nullptr && tree->needed(turn.now())) {
    search_.overdue(turn, *tree);
  } else {
    if (turn.now() < tree->kept()) state_.searches.set(topic, tree->kept());
    remove_unless_needed(turn, *tree);
  }
}

/// Goes on as the parent until the child has grafted to the grandparent and says so; when that one
/// refuses, the child stays, or comes back by the key.
void Membership::collapse(Turn& turn, Tree& tree) {
  if (state_.config.collapse == Collapse::kNever || !tree.spliceable(turn.now())) return;
  tree.stays_until = turn.now() + state_.config.child_timeout;
  const Child& child = tree.children().begin()->second;
  turn.send(child.contact, Dismiss{tree.id(), child.attempt, Dismiss::Why::kLeaving, way_up(tree)});
  ++state_.stats.collapses;
}

void Membership::leave(Turn& turn) {
  if (state_.leaving) return;
  state_.leaving = true;
  state_.trees.awaken_if([](const TopicId&) { return true; });
  for (const TopicId& topic : state_.topics_where([](const Tree&) { return true; })) {
    leave(turn, *state_.find(topic));
  }
}

/// Goes on passing to each child what still comes, until that one has found another parent.
void Membership::leave(Turn& turn, Tree& tree) {
  if (tree.local_subscribers > 0) --state_.subscribed;
  tree.local_subscribers = 0;
  tree.awaiting = false;
  tree.kept_until = {};
  tree.used_until = {};
  state_.searches.cancel(tree.id());
  std::vector<Alternative> alternatives;
  if (tree.rooted() != nullptr) {
    if (succession_.begin(turn, tree)) return;
    state_.seek(tree, {});
  } else if (const Attached* up = tree.attached()) {
    alternatives = way_up(tree);
    // It has to look for another heir.
    if (tree.succeeds(up->parent.id())) {
      turn.send(up->parent, Dismiss{tree.id(), 0, Dismiss::Why::kLeaving, {}});
    }
  }
  for (const auto& [id, child] : tree.children()) {
    turn.send(child.contact,
              Dismiss{tree.id(), child.attempt, Dismiss::Why::kLeaving, alternatives});
  }
  remove_unless_needed(turn, tree);
}

}  // namespace phyllo::multicast
