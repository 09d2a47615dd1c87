#include "multicast/search.h"

#include <algorithm>
#include <utility>

#include "multicast/bottleneck.h"

namespace phyllo::multicast {
namespace {

constexpr std::uint32_t kMaxDoublings = 5;
constexpr double kJitter = 0.25;
constexpr std::size_t kMaxTried = 64;
/// So often everybody has to have refused before the subscriber is told.
constexpr std::uint32_t kRounds = 3;

}  // namespace

void Search::graft(Turn& turn, Tree& tree) {
  if (state_.leaving) return;
  if (state_.node.is_root(tree.id().key())) {
    roots_.take(turn, tree);
    return;
  }
  send(turn, tree);
}

void Search::send(Turn& turn, Tree& tree) {
  Seeking& search = *tree.seeking();
  if (!state_.node.active()) {
    // Nobody routes for this node yet; the change of the leaf set will wake this search.
    wait(turn, tree, back_off(search));
    return;
  }
  search.attempt = state_.next_attempt();
  search.asked.reset();
  if (tree.inherited) {
    turn.route(tree.id().key(), HandOver{tree.name(), search.attempt, *tree.inherited,
                                         tree.subscribers(), HandOver::Stage::kCloserRoot});
  } else {
    const Graft graft{tree.name(), search.attempt, tree.subscribers()};
    search.asked = take_nearest(state_.node, search.candidates);
    if (search.asked) {
      turn.send(*search.asked, graft);
    } else {
      turn.route(tree.id().key(), graft);
    }
  }
  ++state_.stats.grafts;
  wait(turn, tree, back_off(search));
}

void Search::wait(Turn& turn, Tree& tree, Duration delay) {
  state_.searches.set(tree.id(), turn.now() + delay);
}

Duration Search::back_off(const Seeking& search) {
  const auto doublings = std::min(search.failures, kMaxDoublings);
  return state_.random.around(state_.config.graft_retry * (1 << doublings), kJitter);
}

void Search::lose_parent(Turn& turn, Tree& tree, Farewell farewell,
                         std::vector<Alternative> candidates) {
  Seeking search;
  const Attached& up = *tree.attached();
  if (up.overlap) {
    // The one before still brings everything, as nobody told it to stop.
    search.previous = up.overlap->old;
    turn.send(up.parent, Prune{tree.id(), up.attempt});
  } else if (farewell == Farewell::kLastWords) {
    search.previous = up.parent;
  }
  std::erase_if(candidates, [&](const Alternative& c) { return c.node.id() == state_.self(); });
  search.candidates = std::move(candidates);
  state_.seek(tree, std::move(search));
  ++state_.stats.repairs;
  graft(turn, tree);
}

void Search::overdue(Turn& turn, Tree& tree) {
  Seeking& search = *tree.seeking();
  if (state_.node.active()) ++search.failures;
  if (search.told_full) {
    search.tried.clear();
    search.told_full = false;
  }
  graft(turn, tree);
}

void Search::on_standing(Turn& turn, const overlay::Contact& from, const Standing& standing) {
  if (standing.path.empty() || standing.path.back() != from.id()) {
    ++state_.stats.malformed;
    return;
  }
  Tree* tree = state_.find(standing.topic);
  if (tree != nullptr && tree->is_parent(from.id())) {
    Attached& up = *tree->attached();
    up.confirmed = turn.now();
    if (loops(standing)) {
      ++state_.stats.cycles_broken;
      turn.send(from, Prune{tree->id(), up.attempt});
      lose_parent(turn, *tree, Farewell::kSilent);
      return;
    }
    if (standing.attempt > up.attempt) up.attempt = standing.attempt;
    const auto* position = tree->tracker.position();
    const bool goes_on = standing.live && standing.head && position &&
                         standing.head->position.stream == position->stream;
    if (!goes_on) dissemination_.end_overlap(turn, *tree);
    update(turn, *tree, standing, Gap::Why::kMissed);
    return;
  }
  Seeking* search = tree == nullptr ? nullptr : tree->seeking();
  const bool asked =
      search != nullptr && search->attempt == standing.attempt && search->may_hear_from(from.id());
  if (asked) {
    accept(turn, *tree, from, standing);
  } else if (tree == nullptr || !tree->welcomes(from.id())) {
    turn.send(from, Prune{standing.topic, state_.prunable(standing.topic)});
  }
}

bool Search::loops(const Standing& standing) const {
  return standing.path.size() >= kMaxPath || std::ranges::count(standing.path, state_.self()) > 0;
}

void Search::accept(Turn& turn, Tree& tree, const overlay::Contact& from,
                    const Standing& standing) {
  Seeking& search = *tree.seeking();
  if (loops(standing)) {
    ++state_.stats.cycles_broken;
    turn.send(from, Prune{tree.id(), search.attempt});
    ++search.failures;
    search.attempt = 0;
    wait(turn, tree, back_off(search));
    return;
  }
  tree.inherited.reset();
  Attached attached{from, standing.attempt, {}, false, turn.now(), {}};
  if (overlaps(tree, from, standing)) {
    attached.overlap = Overlap{*search.previous, standing.head->position.next, {}, 0};
  } else if (search.previous && search.previous->id() != from.id()) {
    turn.send(*search.previous, Prune{tree.id(), search.attempt - 1});
  }
  const bool overlapping = attached.overlap.has_value();
  state_.attach(turn.now(), tree, std::move(attached));
  if (overlapping) wait(turn, tree, state_.settling());
  update(turn, tree, standing, Gap::Why::kParentLost);
}

/// The old parent still sends, and has something to bring that the new one will not.
bool Search::overlaps(const Tree& tree, const overlay::Contact& from,
                      const Standing& standing) const {
  const auto& previous = tree.seeking()->previous;
  const auto* position = tree.tracker.position();
  return previous && previous->id() != from.id() && standing.live && standing.head && position &&
         position->stream == standing.head->position.stream &&
         position->next < standing.head->position.next;
}

/// Children are told only of what changed for them: nothing goes down twice.
void Search::update(Turn& turn, Tree& tree, const Standing& standing, Gap::Why why) {
  Attached& up = *tree.attached();
  const bool moved =
      up.path != standing.path || up.live != standing.live || up.gate != standing.gate;
  up.path = standing.path;
  up.live = standing.live;
  up.gate = standing.gate;
  const auto before = tree.head();
  if (standing.live && standing.head && !up.overlap)
    dissemination_.follow(turn, tree, *standing.head, why);
  const auto after = tree.head();
  const bool restreamed = before.has_value() != after.has_value() ||
                          (before && (before->position.stream != after->position.stream ||
                                      before->previous != after->previous));
  if (moved || restreamed) dissemination_.tell_all(turn, tree);
  dissemination_.acknowledge(turn, tree);
  dissemination_.confirm(turn, tree);
}

void Search::on_dismiss(Turn& turn, const overlay::Contact& from, const Dismiss& dismiss) {
  Tree* tree = state_.find(dismiss.topic);
  if (tree == nullptr) return;
  if (Seeking* search = tree->seeking()) {
    const bool asked = search->attempt == dismiss.attempt && search->may_hear_from(from.id());
    if (asked) refused(turn, *tree, from, dismiss);
  } else if (tree->is_parent(from.id()) &&
             (dismiss.attempt == 0 || dismiss.attempt == tree->attached()->attempt)) {
    const bool last_words =
        dismiss.why == Dismiss::Why::kFull || dismiss.why == Dismiss::Why::kLeaving;
    lose_parent(turn, *tree, last_words ? Farewell::kLastWords : Farewell::kSilent,
                dismiss.alternatives);
  }
}

void Search::refused(Turn& turn, Tree& tree, const overlay::Contact& by, const Dismiss& dismiss) {
  Seeking& search = *tree.seeking();
  tree.inherited.reset();  // the root answered: it knows where the old stream ended
  // Who is not ready may be so in a moment.
  const bool for_good = dismiss.why != Dismiss::Why::kUnready;
  if (for_good && search.tried.size() < kMaxTried) search.tried.push_back(by.id());
  const auto known = [&](const overlay::NodeId& id) {
    const auto same = [&](const Alternative& c) { return c.node.id() == id; };
    return id == state_.self() || std::ranges::count(search.tried, id) > 0 ||
           std::ranges::any_of(search.candidates, same);
  };
  for (const Alternative& alternative : dismiss.alternatives) {
    const bool room = search.candidates.size() < kMaxAlternatives;
    if (room && !known(alternative.node.id())) search.candidates.push_back(alternative);
  }
  if (!search.candidates.empty() && search.tried.size() < kMaxTried) {
    send(turn, tree);
  } else if (dismiss.why == Dismiss::Why::kFull && search.failures >= kRounds) {
    give_up_for_now(turn, tree);
  } else {
    // Rooms open and close while others move: the whole way is tried a few times.
    search.tried.clear();
    search.attempt = 0;
    ++search.failures;
    wait(turn, tree, back_off(search));
  }
}

void Search::give_up_for_now(Turn& turn, Tree& tree) {
  Seeking& search = *tree.seeking();
  search.candidates.clear();
  search.attempt = 0;
  search.told_full = true;
  if (tree.local_subscribers > 0) {
    tree.awaiting = false;
    turn.emit(SubscriptionRefused{
        tree.id(),
        {ErrorCode::kRefused, "no node of the topic's tree has room for another child"}});
  }
  wait(turn, tree, state_.random.around(state_.config.child_timeout, kJitter));
}

}  // namespace phyllo::multicast
