#include "multicast/heart.h"

#include <algorithm>
#include <utility>

namespace phyllo::multicast {
namespace {

std::optional<StreamId> stream_of(const Tree& tree) {
  const auto head = tree.head();
  return head ? std::optional(head->position.stream) : std::nullopt;
}

/// Up to `count` topics of the set after `last`, going round; none of them twice.
std::vector<TopicId> rotate(const std::set<TopicId>& topics, std::optional<TopicId>& last,
                            std::size_t count) {
  std::vector<TopicId> turn;
  count = std::min(count, topics.size());
  auto next = last ? topics.upper_bound(*last) : topics.begin();
  for (std::size_t i = 0; i < count; ++i, ++next) {
    if (next == topics.end()) next = topics.begin();
    turn.push_back(*next);
  }
  if (!turn.empty()) last = turn.back();
  return turn;
}

}  // namespace

void Heart::beat(Turn& turn) {
  for (const overlay::NodeId& id : state_.peers.take_due(turn.now())) {
    drop_silent(turn, id);
    send_pulse(turn, id);
  }
}

void Heart::drop_silent(Turn& turn, overlay::NodeId id) {
  const Peer* peer = state_.peers.find(id);
  if (peer == nullptr) return;  // its last edge went with that of a peer before it
  const Duration silence = turn.now() - peer->heard;
  if (silence > state_.config.parent_timeout) {
    const auto parent_in = peer->parent_in;
    for (const TopicId& topic : parent_in) {
      // It may be alive after all; nothing it still sends is lost.
      search_.lose_parent(turn, *state_.find(topic), Search::Farewell::kLastWords);
    }
  }
  if (silence > state_.config.child_timeout && (peer = state_.peers.find(id)) != nullptr) {
    const auto child_in = peer->child_in;
    for (const TopicId& topic : child_in) membership_.drop_child(turn, topic, id);
  }
}

void Heart::send_pulse(Turn& turn, overlay::NodeId id) {
  Peer* peer = state_.peers.find(id);
  if (peer == nullptr) return;
  Pulse pulse;
  std::vector<TopicId> expired;
  std::vector<TopicId> unconfirmed;
  for (const TopicId& topic : std::exchange(peer->urgent_down, {})) {
    add_down(turn, *peer, topic, pulse, expired);
  }
  for (const TopicId& topic :
       rotate(peer->child_in, peer->last_down, share(peer->child_in.size()))) {
    add_down(turn, *peer, topic, pulse, expired);
  }
  for (const TopicId& topic : std::exchange(peer->urgent_up, {})) {
    add_up(turn, *peer, topic, pulse, unconfirmed);
  }
  for (const TopicId& topic :
       rotate(peer->parent_in, peer->last_up, share(peer->parent_in.size()))) {
    add_up(turn, *peer, topic, pulse, unconfirmed);
    if (Tree* tree = state_.find(topic)) membership_.collapse(turn, *tree);
  }
  turn.send(peer->contact, pulse);
  for (const TopicId& topic : expired) membership_.drop_child(turn, topic, id);
  for (const TopicId& topic : unconfirmed) {
    Tree* tree = state_.find(topic);
    if (tree != nullptr && tree->is_parent(id)) {
      search_.lose_parent(turn, *tree, Search::Farewell::kLastWords);
    }
  }
}

/// So many edges a pulse that each has its turn once per refresh period.
std::size_t Heart::share(std::size_t edges) const {
  const auto beats = std::max<Duration::rep>(state_.config.refresh / state_.config.heartbeat, 1);
  return (edges + static_cast<std::size_t>(beats) - 1) / static_cast<std::size_t>(beats);
}

void Heart::add_down(Turn& turn, Peer& peer, const TopicId& topic, Pulse& pulse,
                     std::vector<TopicId>& expired) {
  Tree* tree = state_.find(topic);
  Child* child = tree == nullptr ? nullptr : tree->child(peer.contact.id());
  if (child == nullptr) return;
  child->unconfirmed = false;
  if (turn.now() - child->refreshed > state_.config.child_timeout) {
    expired.push_back(topic);
    return;
  }
  dissemination_.catch_up(turn, *tree, *child);
  if (pulse.down.size() + pulse.up.size() == kMaxPulseEntries) {
    turn.send(peer.contact, std::exchange(pulse, {}));
  }
  const auto head = tree->head();
  pulse.down.push_back(
      {topic,
       digest(tree->path_through(state_.self()), stream_of(*tree), tree->live(), tree->gate()),
       head ? head->position.next : 0});
}

void Heart::add_up(Turn& turn, Peer& peer, const TopicId& topic, Pulse& pulse,
                   std::vector<TopicId>& unconfirmed) {
  Tree* tree = state_.find(topic);
  if (tree == nullptr || !tree->is_parent(peer.contact.id())) return;
  tree->count_changed = false;
  if (turn.now() - tree->attached()->confirmed > state_.config.child_timeout) {
    unconfirmed.push_back(topic);
    return;
  }
  if (pulse.down.size() + pulse.up.size() == kMaxPulseEntries) {
    turn.send(peer.contact, std::exchange(pulse, {}));
  }
  pulse.up.push_back({topic, tree->subscribers(), false});
}

void Heart::on_pulse(Turn& turn, const overlay::Contact& from, const Pulse& pulse) {
  Pulse reply;
  for (const Pulse::Down& down : pulse.down) on_down(turn, from, down, reply);
  for (const Pulse::Up& up : pulse.up) on_up(turn, from, up);
  if (!reply.up.empty()) turn.send(from, reply);
}

void Heart::on_down(Turn& turn, const overlay::Contact& from, const Pulse::Down& down,
                    Pulse& reply) {
  Tree* tree = state_.find(down.topic);
  const Seeking* search = tree == nullptr ? nullptr : tree->seeking();
  if (search != nullptr && search->may_hear_from(from.id())) {
    // A parent that this node does not know of: perhaps its answer to the graft was lost.
    reply.up.push_back({down.topic, tree->subscribers(), true});
    return;
  }
  if (tree == nullptr || !tree->welcomes(from.id())) {
    turn.send(from, Prune{down.topic, state_.prunable(down.topic)});
    return;
  }
  Attached* up = tree->attached();
  if (up == nullptr) return;
  if (up->parent.id() != from.id()) return;
  up->confirmed = turn.now();
  if (digest(up->path, stream_of(*tree), up->live, up->gate) != down.digest) {
    reply.up.push_back({down.topic, tree->subscribers(), true});
    return;
  }
  const auto* position = tree->tracker.position();
  if (!up->live || up->overlap || !position || down.next <= position->next) return;
  // Agreed on the stream, and links keep their order: what is not here by now was lost.
  dissemination_.follow(turn, *tree,
                        {{position->stream, down.next}, tree->followed_previous.optional()},
                        Gap::Why::kMissed);
}

void Heart::on_up(Turn& turn, const overlay::Contact& from, const Pulse::Up& up) {
  Tree* tree = state_.find(up.topic);
  Child* child = tree == nullptr ? nullptr : tree->child(from.id());
  if (child == nullptr) {
    turn.send(from, Dismiss{up.topic, 0, Dismiss::Why::kUnknown, {}});
    return;
  }
  child->refreshed = turn.now();
  if (child->subscribers != up.subscribers) {
    child->subscribers = up.subscribers;
    state_.count_changed(*tree);
  }
  if (up.wants_standing) dissemination_.tell(turn, *tree, *child, child->attempt);
  succession_.on_confirmed(turn, *tree, from.id());
}

}  // namespace phyllo::multicast
