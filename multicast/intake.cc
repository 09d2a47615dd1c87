#include "multicast/intake.h"

namespace phyllo::multicast {
namespace {

/// A region's root keeps a tree so long after the last publication, whether anybody subscribes
/// there or not: other regions may.
constexpr Duration kUsed = std::chrono::minutes(1);

}  // namespace

Intake::Answer Intake::offer(Turn& turn, overlay::NodeId from, const Publish& publish) {
  using Reason = PublishNack::Reason;
  Tree* tree = state_.find(publish.topic);
  const std::uint64_t taken = tree == nullptr ? 0 : tree->window.taken(from, publish.attempt);
  if (!state_.is_root(turn.now(), publish.topic)) {
    return {Reason::kNotRoot, taken, tree == nullptr ? Reception{} : reception(*tree)};
  }
  if (tree == nullptr) {
    if (turn.now() < state_.settled) return {Reason::kUnsettled, 0};
    // It has to be asked by name first.
    if (state_.config.extent == Extent::kRegion) return {Reason::kNotRoot, 0};
    state_.stats.unheard_messages += publish.batch.count;
    return {{}, publish.index + 1, {0, {state_.no_stream(), 0}}};
  }
  if (tree->rooted() == nullptr) roots_.take(turn, *tree);
  if (turn.now() < tree->rooted()->settled) {
    return {Reason::kUnsettled, taken, reception(*tree)};
  }
  if (state_.config.extent == Extent::kRegion) tree->used_until = turn.now() + kUsed;
  switch (tree->window.offer(from, publish.attempt, publish.index)) {
    case PublishWindow::Verdict::kHole:
      return {Reason::kOutOfOrder, taken, reception(*tree)};
    case PublishWindow::Verdict::kSeen:
      break;
    case PublishWindow::Verdict::kNext:
      if (tree->subscribers() == 0) state_.stats.unheard_messages += publish.batch.count;
      dissemination_.number(turn, *tree, publish.batch);
      break;
  }
  return {{}, tree->window.taken(from, publish.attempt), reception(*tree)};
}

template <class Take>
Intake::Answer Intake::import(Turn& turn, overlay::NodeId from, const TopicId& topic,
                              Attempt attempt, std::uint64_t index, Take&& take) {
  using Reason = PublishNack::Reason;
  Tree* tree = state_.find(topic);
  if (!state_.is_root(turn.now(), topic)) return {Reason::kNotRoot, 0};
  if (tree == nullptr) {
    return {turn.now() < state_.settled ? Reason::kUnsettled : Reason::kUnwanted, 0};
  }
  if (tree->rooted() == nullptr) roots_.take(turn, *tree);
  const std::uint64_t taken = tree->window.taken(from, attempt);
  if (turn.now() < tree->rooted()->settled) return {Reason::kUnsettled, taken, reception(*tree)};
  if (tree->subscribers() == 0 && !state_.leaving)
    return {Reason::kUnwanted, taken, reception(*tree)};
  const auto verdict = tree->window.offer(from, attempt, index);
  if (verdict == PublishWindow::Verdict::kHole) {
    return {Reason::kOutOfOrder, taken, reception(*tree)};
  }
  if (verdict == PublishWindow::Verdict::kNext) take(*tree);
  return {{}, tree->window.taken(from, attempt), reception(*tree)};
}

Intake::Answer Intake::import(Turn& turn, overlay::NodeId from, const Publish& publish) {
  return import(turn, from, publish.topic, publish.attempt, publish.index, [&](Tree& tree) {
    dissemination_.number(turn, tree, publish.batch, Dissemination::Origin::kAbroad);
  });
}

Intake::Answer Intake::import(Turn& turn, overlay::NodeId from, const Missing& missing) {
  return import(turn, from, missing.topic, missing.attempt, missing.index,
                [&](Tree& tree) { dissemination_.skip(turn, tree, missing); });
}

void Intake::expect(Turn& turn, const TopicName& name) {
  if (state_.config.extent == Extent::kWhole || state_.leaving) return;
  const TopicId topic = TopicId::of(name);
  if (!state_.is_root(turn.now(), topic)) return;
  Tree* tree = state_.find_or_make(name, topic);
  if (tree == nullptr) return;
  tree->used_until = turn.now() + kUsed;
  if (tree->rooted() == nullptr) roots_.take(turn, *tree);
  if (!state_.searches.has(topic)) state_.searches.set(topic, tree->kept());
}

/// Of the stream that numbers here, or did until this node ceased to be the root.
Reception Intake::reception(const Tree& tree) const {
  if (tree.rooted() == nullptr) {
    return {tree.subscribers(), tree.inherited.value_or(StreamEnd{})};
  }
  const StreamPosition& position = tree.rooted()->position;
  return {tree.subscribers(), {position.stream, position.next - 1}};
}

void Intake::on_publish(Turn& turn, const overlay::Contact& from, const Publish& publish) {
  const Answer answer = offer(turn, from.id(), publish);
  PublishAck ack{publish.topic, publish.attempt, answer.taken, answer.reception};
  if (answer.refused) {
    acks_.erase({from.id(), publish.topic});
    turn.send(from, PublishNack{std::move(ack), *answer.refused});
  } else {
    acks_.insert_or_assign({from.id(), publish.topic}, std::pair(from, std::move(ack)));
  }
}

void Intake::on_locate(Turn& turn, const overlay::Contact& origin, const Locate& locate) {
  if (locate.name && TopicId::of(*locate.name) == locate.topic) expect(turn, *locate.name);
  RootIs answer{locate.topic, locate.attempt, {}};
  if (state_.leaving && !state_.is_root(turn.now(), locate.topic)) {
    answer.successor = state_.successor(locate.topic);
    if (!answer.successor) return;
  }
  turn.send(origin, answer);
}

void Intake::flush(Turn& turn) {
  std::erase_if(acks_, [&](const auto& entry) {
    const auto& [edge, ack] = entry;
    if (state_.holds.holds(turn.now(), edge.second)) return false;
    turn.send(ack.first, ack.second);
    return true;
  });
}

}  // namespace phyllo::multicast
