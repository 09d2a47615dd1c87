#include "multicast/rendezvous.h"

namespace phyllo::multicast {

Rendezvous::Answer Rendezvous::offer(Turn& turn, overlay::NodeId from, const Publish& publish) {
  using Reason = PublishNack::Reason;
  Tree* tree = state_.find(publish.topic);
  const std::uint64_t taken = tree == nullptr ? 0 : tree->window.taken(from, publish.attempt);
  if (!state_.is_root(turn.now(), publish.topic)) {
    return {Reason::kNotRoot, taken, tree == nullptr ? Reception{} : reception(*tree)};
  }
  if (tree == nullptr) {
    if (turn.now() < state_.settled) return {Reason::kUnsettled, 0};
    state_.stats.unheard_messages += publish.batch.count;
    return {{}, publish.index + 1, {0, {state_.no_stream(), 0}}};
  }
  if (tree->rooted() == nullptr) roots_.take(turn, *tree);
  if (turn.now() < tree->rooted()->settled) {
    return {Reason::kUnsettled, taken, reception(*tree)};
  }
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

/// Of the stream that numbers here, or did until this node ceased to be the root.
Reception Rendezvous::reception(const Tree& tree) const {
  if (tree.rooted() == nullptr) {
    return {tree.subscribers(), tree.inherited.value_or(StreamEnd{})};
  }
  const StreamPosition& position = tree.rooted()->head.position;
  return {tree.subscribers(), {position.stream, position.next - 1}};
}

void Rendezvous::on_publish(Turn& turn, const overlay::Contact& from, const Publish& publish) {
  const Answer answer = offer(turn, from.id(), publish);
  PublishAck ack{publish.topic, publish.attempt, answer.taken, answer.reception};
  if (answer.refused) {
    acks_.erase({from.id(), publish.topic});
    turn.send(from, PublishNack{std::move(ack), *answer.refused});
  } else {
    acks_.insert_or_assign({from.id(), publish.topic}, std::pair(from, std::move(ack)));
  }
}

void Rendezvous::on_locate(Turn& turn, const overlay::Contact& origin, const Locate& locate) {
  RootIs answer{locate.topic, locate.attempt, {}};
  if (state_.leaving && !state_.is_root(turn.now(), locate.topic)) {
    answer.successor = state_.successor(locate.topic);
    if (!answer.successor) return;
  }
  turn.send(origin, answer);
}

void Rendezvous::flush(Turn& turn) {
  for (const auto& [edge, ack] : acks_) turn.send(ack.first, ack.second);
  acks_.clear();
}

}  // namespace phyllo::multicast
