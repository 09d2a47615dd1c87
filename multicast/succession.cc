#include "multicast/succession.h"

#include <algorithm>
#include <vector>

namespace phyllo::multicast {

using overlay::Contact;
using overlay::NodeId;

// --- at the root ---

bool Succession::begin(Turn& turn, Tree& tree) {
  tree.bequest.emplace();
  const auto heir = choose(tree);
  if (!heir) {
    tree.bequest.reset();
    return false;
  }
  tree.bequest->heir = *heir;
  if (tree.children().empty()) {
    end(turn, tree);
  } else {
    announce(turn, tree);
  }
  return true;
}

/// Who will be root, of those that are willing.
std::optional<Contact> Succession::choose(const Tree& tree) const {
  const auto& unwilling = tree.bequest->unwilling;
  for (const Contact& next : state_.node.replica_set(tree.id().key(), unwilling.size() + 2)) {
    if (next.id() != state_.self() && !std::ranges::count(unwilling, next.id())) return next;
  }
  return std::nullopt;
}

void Succession::announce(Turn& turn, Tree& tree) {
  const StreamPosition& position = tree.rooted()->position;
  turn.send(*tree.bequest->heir, HandOver{tree.name(),
                                          0,
                                          {position.stream, position.next - 1},
                                          tree.subscribers(),
                                          HandOver::Stage::kWillLeave});
}

bool Succession::admits(const Tree& tree, NodeId from) const {
  if (tree.rooted() == nullptr || !tree.bequest) return false;
  return !tree.bequest->ready || tree.bequest->heir->id() == from;
}

void Succession::on_confirmed(Turn& turn, Tree& tree, NodeId child) {
  if (!tree.bequest || tree.bequest->ready || tree.bequest->heir->id() != child) return;
  tree.bequest->ready = true;
  send_away(turn, tree);
  child_gone(turn, tree);
}

/// They get everything from here until they have it from the heir, and say so.
void Succession::send_away(Turn& turn, Tree& tree) {
  const Contact& heir = *tree.bequest->heir;
  const std::vector<Alternative> there{{heir, state_.node.proximity(heir.id())}};
  for (const auto& [id, child] : tree.children()) {
    if (id == heir.id()) continue;
    turn.send(child.contact, Dismiss{tree.id(), child.attempt, Dismiss::Why::kLeaving, there});
  }
}

bool Succession::child_gone(Turn& turn, Tree& tree) {
  if (!tree.bequest) return false;
  const auto& children = tree.children();
  const bool heir_only =
      tree.bequest->ready && children.size() == 1 && children.contains(tree.bequest->heir->id());
  if (!tree.all_departed(turn.now()) || (!children.empty() && !heir_only)) return false;
  end(turn, tree);
  return true;
}

/// Who has not moved by now finds the heir by what it was told before, and the heir waits for it.
void Succession::end(Turn& turn, Tree& tree) {
  const Contact heir = *tree.bequest->heir;
  if (!tree.bequest->ready) send_away(turn, tree);
  const StreamPosition& position = tree.rooted()->position;
  const Child* child = tree.child(heir.id());
  const std::uint64_t astray = tree.subscribers() - (child == nullptr ? 0 : child->subscribers);
  turn.send(
      heir,
      HandOver{
          tree.name(), 0, {position.stream, position.next - 1}, astray, HandOver::Stage::kLeaves});
  while (!tree.children().empty()) state_.drop_child(tree, tree.children().begin()->first);
  state_.erase(tree.id());
}

bool Succession::refused(Turn& turn, const Contact& by, const Dismiss& dismiss) {
  Tree* tree = state_.find(dismiss.topic);
  if (tree == nullptr || !tree->bequest || tree->bequest->heir->id() != by.id()) return false;
  if (dismiss.why == Dismiss::Why::kLeaving) pass_over(turn, *tree, by.id());
  return true;
}

void Succession::pass_over(Turn& turn, Tree& tree, NodeId heir) {
  tree.bequest->unwilling.push_back(heir);
  const auto next = choose(tree);
  if (!next) return;
  tree.bequest->heir = *next;
  tree.bequest->ready = false;
  announce(turn, tree);
}

void Succession::peer_lost(Turn& turn, NodeId peer) {
  const auto bequeathed = [&](const Tree& tree) {
    return tree.bequest && tree.bequest->heir->id() == peer;
  };
  for (const TopicId& topic : state_.topics_where(bequeathed)) {
    pass_over(turn, *state_.find(topic), peer);
  }
}

void Succession::leaf_set_changed(Turn& turn) {
  const auto outdone = [&](const Tree& tree) {
    return tree.bequest && !state_.node.is_root(tree.id().key());
  };
  for (const TopicId& topic : state_.topics_where(outdone)) {
    Tree& tree = *state_.find(topic);
    if (const auto closest = choose(tree)) tree.bequest->heir = *closest;
    tree.bequest->ready = false;
    end(turn, tree);
  }
}

void Succession::end_all(Turn& turn) {
  for (const TopicId& topic :
       state_.topics_where([](const Tree& tree) { return bool(tree.bequest); })) {
    end(turn, *state_.find(topic));
  }
}

// --- at the heir ---

void Succession::on_announced(Turn& turn, const Contact& from, const HandOver& hand_over) {
  const TopicId topic = TopicId::of(hand_over.topic);
  Tree* tree = state_.leaving ? nullptr : state_.find_or_make(hand_over.topic, topic);
  if (tree == nullptr) {
    turn.send(from, Dismiss{topic, 0, Dismiss::Why::kLeaving, {}});
    return;
  }
  if (tree->rooted() != nullptr) return;  // it hears of the end in any case
  tree->kept_until = turn.now() + state_.config.child_timeout;
  tree->heir_of = from;
  const Alternative root{from, state_.node.proximity(from.id())};
  if (Seeking* search = tree->seeking()) {
    search->candidates = {root};
    search_.graft(turn, *tree);
  } else if (!tree->is_parent(from.id())) {
    search_.lose_parent(turn, *tree, Search::Farewell::kLastWords, {root});
  } else {
    if (!state_.searches.has(topic)) state_.searches.set(topic, tree->kept_until);
    dissemination_.confirm(turn, *tree);
  }
}

}  // namespace phyllo::multicast
