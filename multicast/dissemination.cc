#include "multicast/dissemination.h"

#include <utility>

namespace phyllo::multicast {
namespace {

/// Losses kept for one child. Older ones it sees as a hole in the numbers.
constexpr std::size_t kMaxUnsent = 16;
/// Kept from a new parent while the old one catches up.
constexpr std::size_t kMaxHeldBytes = 1 << 20;

}  // namespace

void Dissemination::number(Turn& turn, Tree& tree, Batch batch, Origin origin) {
  const std::uint32_t known =
      tree.rooted()->numbered.take(turn.now(), batch.publisher, batch.publisher_first, batch.count);
  state_.stats.duplicate_messages += known;
  if (known > 0) {
    auto rest = without_first(batch, known);
    if (!rest) return;
    batch = *std::move(rest);
  }
  std::optional<Numbered> told;
  if (origin == Origin::kHere && state_.config.extent == Extent::kRegion) {
    told = Numbered{tree.id(), tree.name(), batch, {}};
  }
  StreamPosition& position = tree.rooted()->position;
  std::erase_if(batch.stays, [&](const Stay& stay) { return stay.stream == position.stream; });
  const StreamBatch numbered{position.stream, position.next, std::move(batch)};
  position.next += numbered.batch.count;
  state_.stats.rooted_messages += numbered.batch.count;
  pass_on(turn, tree, numbered);
  if (!told) return;
  told->at = {position.stream, position.next - 1};
  turn.emit(*std::move(told));
}

void Dissemination::skip(Turn& turn, Tree& tree, const Missing& missing) {
  StreamPosition& position = tree.rooted()->position;
  Gap gap;
  gap.why = Gap::Why::kQueueLimit;
  gap.where = missing.where;
  gap.region = missing.region;
  gap.stream = position.stream;
  gap.first = position.next;
  gap.last = position.next + missing.count - 1;
  position.next += missing.count;
  report(turn, tree, tree.tracker.lose(gap));
}

void Dissemination::on_data(Turn& turn, const overlay::Contact& from, const Data& data) {
  Tree* tree = welcome(turn, from, data.topic);
  if (tree == nullptr) {
    ++state_.stats.foreign_batches;
    return;
  }
  if (hold(turn, *tree, from.id(), data.batch)) return;
  pass_on(turn, *tree, data.batch);
  const Attached* up = tree->attached();
  if (up != nullptr && up->overlap && tree->tracker.position()->next >= up->overlap->until) {
    end_overlap(turn, *tree);
  }
}

bool Dissemination::hold(Turn& turn, Tree& tree, overlay::NodeId from, const StreamBatch& batch) {
  Attached* up = tree.attached();
  if (up == nullptr || !up->overlap || from != up->parent.id()) return false;
  Overlap& overlap = *up->overlap;
  const bool ahead = batch.stream == tree.tracker.position()->stream &&
                     batch.first > tree.tracker.position()->next;
  const std::size_t bytes = cost(batch.batch);
  if (!ahead || overlap.held_bytes + bytes > kMaxHeldBytes ||
      state_.held_bytes + bytes > state_.config.held_bytes) {
    end_overlap(turn, tree);
    return false;
  }
  overlap.held.push_back(batch);
  overlap.held_bytes += bytes;
  state_.held_bytes += bytes;
  return true;
}

void Dissemination::end_overlap(Turn& turn, Tree& tree) {
  const auto overlap = state_.take_overlap(tree);
  if (!overlap) return;
  turn.send(overlap->old, Prune{tree.id(), tree.attached()->attempt - 1});
  const StreamPosition from{tree.tracker.position()->stream, overlap->until};
  follow(turn, tree, {from, tree.followed_previous.optional()}, Gap::Why::kParentLost);
  for (const StreamBatch& batch : overlap->held) pass_on(turn, tree, batch);
  confirm(turn, tree);
}

void Dissemination::confirm(Turn& turn, Tree& tree) {
  const Attached* up = tree.attached();
  if (up == nullptr || !up->live || up->overlap || !tree.succeeds(up->parent.id())) return;
  Pulse pulse;
  pulse.up.push_back({tree.id(), tree.subscribers(), false});
  turn.send(up->parent, pulse);
}

void Dissemination::on_loss(Turn& turn, const overlay::Contact& from, const Loss& loss) {
  Tree* tree = welcome(turn, from, loss.topic);
  if (tree == nullptr) return;
  if (tree->is_parent(from.id())) end_overlap(turn, *tree);
  report(turn, *tree, tree->tracker.lose(loss.gap));
}

Tree* Dissemination::welcome(Turn& turn, const overlay::Contact& from, const TopicId& topic) {
  Tree* tree = state_.find(topic);
  if (tree != nullptr && tree->welcomes(from.id())) {
    if (Attached* up = tree->attached()) up->confirmed = turn.now();
    return tree;
  }
  turn.send(from, Prune{topic, state_.prunable(topic)});
  return nullptr;
}

void Dissemination::pass_on(Turn& turn, Tree& tree, const StreamBatch& batch) {
  if (state_.config.extent == Extent::kRegion && !tree.attended) {
    tree.tracker.attend_from(turn.now());
  }
  Tracker::Reading reading = tree.tracker.read(turn.now(), batch);
  state_.stats.duplicate_messages += reading.duplicates;
  report(turn, tree, std::move(reading.stream_gaps));
  for (Gap& gap : reading.publisher_gaps) deliver_gap(turn, tree, state_.located(std::move(gap)));
  if (reading.forward) send_down(turn, tree, *reading.forward);
  if (reading.deliver && tree.local_subscribers > 0) {
    state_.stats.delivered_messages += reading.deliver->batch.count;
    state_.stats.delivered_bytes += reading.deliver->batch.body.size();
    turn.emit(Deliver{tree.id(), *std::move(reading.deliver)});
  }
}

void Dissemination::send_down(Turn& turn, Tree& tree, const StreamBatch& batch) {
  if (tree.children().empty() && tree.departing.empty()) return;
  const overlay::AppMessage wire = encode(Data{tree.id(), batch});
  send_to_departing(turn, tree, wire);
  for (auto& [id, child] : tree.children()) {
    catch_up(turn, tree, child);
    turn.emit(SendDirect{child.contact, wire});
    if (child.unconfirmed) continue;
    child.unconfirmed = true;
    if (Peer* peer = state_.peers.find(id)) peer->urgent_down.push_back(tree.id());
  }
  const std::uint64_t copies = tree.children().size();
  state_.stats.forwarded_messages += copies * batch.batch.count;
  state_.stats.forwarded_bytes += copies * batch.batch.body.size();
}

void Dissemination::send_to_departing(Turn& turn, Tree& tree, const overlay::AppMessage& wire) {
  tree.departing.erase_if([&](const auto& gone) { return gone.second.until <= turn.now(); });
  for (const auto& [id, gone] : tree.departing) turn.emit(SendDirect{gone.contact, wire});
}

void Dissemination::follow(Turn& turn, Tree& tree, const StreamHead& head, Gap::Why why) {
  report(turn, tree, tree.tracker.follow(turn.now(), head, why));
  const auto* position = tree.tracker.position();
  if (position && position->stream == head.position.stream) tree.followed_previous = head.previous;
}

void Dissemination::report(Turn& turn, Tree& tree, std::vector<Gap> gaps) {
  for (Gap& gap : gaps) {
    // What the parent reported keeps the place where it was lost.
    Gap placed = gap.where == overlay::NodeId() ? state_.located(std::move(gap)) : std::move(gap);
    if (!tree.children().empty() || !tree.departing.empty()) {
      const overlay::AppMessage wire = encode(Loss{tree.id(), placed});
      send_to_departing(turn, tree, wire);
      for (auto& [id, child] : tree.children()) {
        catch_up(turn, tree, child);
        turn.emit(SendDirect{child.contact, wire});
      }
    }
    deliver_gap(turn, tree, std::move(placed));
  }
}

void Dissemination::deliver_gap(Turn& turn, Tree& tree, Gap gap) {
  if (tree.local_subscribers == 0) return;
  state_.stats.gap_messages.at(static_cast<std::size_t>(gap.why)) += gap.last - gap.first + 1;
  turn.emit(DeliverGap{tree.id(), std::move(gap)});
}

void Dissemination::tell(Turn& turn, Tree& tree, Child& child, Attempt attempt) {
  catch_up(turn, tree, child);
  Standing standing{tree.id(), attempt,    tree.live(), tree.path_through(state_.self()),
                    {},        tree.gate()};
  if (standing.live) standing.head = tree.head();
  turn.send(child.contact, standing);
}

void Dissemination::tell_all(Turn& turn, Tree& tree) {
  for (auto& [id, child] : tree.children()) tell(turn, tree, child, 0);
}

void Dissemination::acknowledge(Turn& turn, Tree& tree) {
  if (!tree.awaiting || !tree.live() || tree.gate() == Gate::kClosed) return;
  const auto head = tree.head();
  if (!head) return;
  tree.awaiting = false;
  if (!std::exchange(tree.attended, true) && state_.config.extent == Extent::kRegion) {
    tree.tracker.attend_from(turn.now());
  }
  turn.emit(SubscriptionLive{tree.id(), head->position});
}

void Dissemination::on_data_dropped(const overlay::Contact& child, const Data& data) {
  Gap gap;
  gap.why = Gap::Why::kQueueLimit;
  gap.stream = data.batch.stream;
  gap.first = data.batch.first;
  gap.last = data.batch.first + data.batch.batch.count - 1;
  leave_unsent(child, data.topic, state_.located(std::move(gap)));
}

void Dissemination::on_loss_dropped(const overlay::Contact& child, const Loss& loss) {
  leave_unsent(child, loss.topic, loss.gap);
}

void Dissemination::leave_unsent(const overlay::Contact& child_contact, const TopicId& topic,
                                 Gap gap) {
  Tree* tree = state_.find(topic);
  Child* child = tree == nullptr ? nullptr : tree->child(child_contact.id());
  if (child == nullptr) return;
  auto& unsent = child->unsent;
  const bool adjoins =
      !unsent.empty() && unsent.back().stream == gap.stream && unsent.back().last + 1 == gap.first;
  if (adjoins) {
    unsent.back().last = gap.last;
  } else {
    if (unsent.size() == kMaxUnsent) unsent.erase(unsent.begin());
    unsent.push_back(std::move(gap));
  }
}

void Dissemination::catch_up(Turn& turn, Tree& tree, Child& child) {
  for (Gap& gap : std::exchange(child.unsent, {})) {
    turn.send(child.contact, Loss{tree.id(), std::move(gap)});
  }
}

}  // namespace phyllo::multicast
