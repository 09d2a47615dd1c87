#include "multicast/roots.h"

#include <algorithm>
#include <utility>

namespace phyllo::multicast {

void Roots::take(Turn& turn, Tree& tree) {
  if (const Attached* up = tree.attached()) {
    turn.send(up->parent, Prune{tree.id(), up->attempt});
  } else if (const Seeking* search = tree.seeking(); search->previous) {
    turn.send(*search->previous, Prune{tree.id(), search->attempt});
  }
  Rooted rooted;
  const auto& self = state_.node.self();
  rooted.position = {{self.id(), self.incarnation(), state_.next_generation()}, 1};
  rooted.previous = std::exchange(tree.inherited, {});
  if (turn.now() < tree.kept_until) {
    rooted.settled = turn.now() + state_.settling();
  } else if (!rooted.previous) {
    // Others of a tree whose root died are still looking for the new one.
    const bool orphaned = tree.tracker.position() != nullptr;
    rooted.settled = std::max(state_.settled, orphaned ? turn.now() + state_.settling() : Time{});
  }
  rooted.gate = state_.config.extent == Extent::kWhole ? Gate::kOpen : Gate::kClosed;
  const StreamHead head = rooted.head();
  state_.take_root(tree, std::move(rooted));
  tree.window.close();
  ++state_.stats.root_changes;
  dissemination_.follow(turn, tree, head, Gap::Why::kRootLost);
  dissemination_.tell_all(turn, tree);
  dissemination_.acknowledge(turn, tree);
}

void Roots::step_down(Tree& tree) {
  const StreamPosition ended = tree.rooted()->position;
  state_.seek(tree, {});
  tree.inherited = StreamEnd{ended.stream, ended.next - 1};
}

void Roots::inherit(Turn& turn, Tree& tree, const StreamEnd& ended) {
  Rooted* root = tree.rooted();
  if (root == nullptr) {
    tree.inherited = ended;
    return;
  }
  root->settled = turn.now() < tree.kept_until ? turn.now() + state_.settling() : turn.now();
  if (root->previous || ended.stream == root->position.stream) return;
  root->previous = ended;
  dissemination_.tell_all(turn, tree);
}

}  // namespace phyllo::multicast
