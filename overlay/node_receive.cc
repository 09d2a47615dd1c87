#include <algorithm>
#include <utility>

#include "overlay/node_impl.h"
#include "overlay/prospects.h"

namespace phyllo::overlay {
namespace {

constexpr double kSmallRing = 8;  // leaf sets

/// Said by a member of the ring only: the sender lives this life in the ring.
bool shows_membership(const Message& message) {
  if (const auto* ping = std::get_if<Ping>(&message)) return ping->member;
  if (const auto* pong = std::get_if<Pong>(&message)) return pong->member;
  return std::holds_alternative<Probe>(message) || std::holds_alternative<ProbeReply>(message) ||
         std::holds_alternative<Heartbeat>(message);
}

/// Said by nodes that are not in the ring and do not know yet which life they are in; answered
/// without drawing conclusions.
bool from_outside(const Message& message, NodeId from) {
  if (const auto* ping = std::get_if<Ping>(&message)) return !ping->member;
  if (const auto* pong = std::get_if<Pong>(&message)) return !pong->member;
  if (const auto* hop = std::get_if<Hop>(&message)) {
    return std::holds_alternative<JoinRequest>(hop->cargo) && hop->origin.id() == from;
  }
  return std::holds_alternative<Ask>(message) || std::holds_alternative<Superseded>(message);
}

bool accuses(const LeafSetState& state, NodeId id) {
  return std::any_of(state.failed.begin(), state.failed.end(),
                     [&](const Departed& departed) { return departed.id == id; });
}

}  // namespace

void Node::Impl::receive(Turn turn, const Contact& from, Message message) {
  if (!running()) return;
  notice_pause(turn);
  if (admissible(turn, from, message)) {
    std::visit([&](auto& m) { on(turn, from, std::move(m)); }, message);
  }
  settle(turn);
}

bool Node::Impl::admissible(Turn& turn, const Contact& from, const Message& message) {
  if (from.id() == view_.self.id()) {
    if (std::holds_alternative<Superseded>(message)) return true;
    ++view_.stats.stale_messages;
    identity_.meet_rival(turn, from);
    return false;
  }
  if (from_outside(message, from.id())) return true;
  switch (identity_.judge(from)) {
    case Identity::Verdict::kStale:
    case Identity::Verdict::kRival:
      ++view_.stats.stale_messages;
      identity_.tell_loser(turn, from);
      return false;
    case Identity::Verdict::kLater:
      if (!shows_membership(message)) return true;
      lose(turn, *view_.last_known(from.id()), PeerLost::Reason::kReplaced);
      break;
    case Identity::Verdict::kCurrent:
      break;
  }
  if (std::holds_alternative<Leaving>(message)) return true;
  if (shows_membership(message) || !view_.past.find(from.id())) heard(turn, from);
  return true;
}

void Node::Impl::heard(Turn& turn, const Contact& from) {
  Peer* peer = view_.peers.meet(from, turn.now);
  if (peer) {
    if (!peer->spoke) peer->contact = from;
    peer->heard = turn.now;
    peer->spoke = true;
    peer->suspected = false;
  }
  if (view_.past.remove(from.id()) && view_.member()) meet_stranger(turn, from);
}

void Node::Impl::on(Turn& turn, const Contact& from, Direct message) {
  turn.out.push_back(Received{from, std::move(message.message)});
}

void Node::Impl::on(Turn& turn, const Contact& from, Hop message) {
  hops_.received(turn, from, std::move(message));
}

void Node::Impl::on(Turn& turn, const Contact& from, HopAck message) {
  hops_.acked(turn, from.id(), message);
}

void Node::Impl::on(Turn& turn, const Contact& from, Probe message) {
  if (!view_.member()) {
    turn.out.push_back(Send{from, Pong{message.nonce, false, {}}});
    return;
  }
  admit_leaf(turn, from, standing(message.state.active));
  if (message.nonce != kNoAnswerWanted || accuses(message.state, view_.self.id())) {
    view_.send(turn, from,
               ProbeReply{message.nonce, view_.leaf_set_state(turn.now),
                          view_.occupant_distance(from.id()), view_.position.told()});
  }
  learn(turn, from, message.state);
}

void Node::Impl::on(Turn& turn, const Contact& from, ProbeReply message) {
  const auto answer = prober_.answered(turn.now, from.id(), message.nonce);
  if (!answer || !view_.member()) {
    ++view_.stats.stale_messages;
    return;
  }
  const bool was_leaf = view_.leaves.find(from.id()) != nullptr;
  measured(turn, from, *answer, {message.occupant, message.coordinate});
  admit_leaf(turn, from, standing(message.state.active));
  admission_.alive(turn, from.id());
  learn(turn, from, message.state);
  if (was_leaf || !message.state.active || !view_.leaves.next_to_owner(from.id())) return;
  if (!view_.active()) return;  // a newcomer's leaf set lacks everybody
  // An active neighbour that our leaf set lacked: the views of the ring differed. The others' may
  // too.
  for (const auto* side : {&view_.leaves.right(), &view_.leaves.left()}) {
    if (!side->empty()) prober_.probe(turn, side->front(), Prober::Purpose::kLeafSet);
  }
}

void Node::Impl::on(Turn& turn, const Contact& from, Heartbeat message) {
  if (!view_.member()) return;
  const bool was_leaf = view_.leaves.find(from.id()) != nullptr;
  admit_leaf(turn, from, standing(message.active));
  if (!was_leaf && view_.leaves.find(from.id())) {
    prober_.probe(turn, from, Prober::Purpose::kLeafSet);
  }
}

void Node::Impl::on(Turn& turn, const Contact& from, Ping message) {
  turn.out.push_back(Send{from, Pong{message.nonce, view_.member(),
                                     view_.occupant_distance(from.id()), view_.position.told()}});
  if (message.member) notice_outsider(turn, from);
}

void Node::Impl::on(Turn& turn, const Contact& from, Pong message) {
  const auto answer = prober_.answered(turn.now, from.id(), message.nonce);
  if (!answer) {
    ++view_.stats.stale_messages;
    return;
  }
  if (message.member) {
    admission_.alive(turn, from.id());
    measured(turn, from, *answer, {message.occupant, message.coordinate});
    return notice_outsider(turn, from);
  }
  view_.shadow.remove(from.id());
  // It is there, but the life in which we knew it as a member is over.
  const Contact* known = view_.last_known(from.id());
  if (known && view_.member()) lose(turn, *known, PeerLost::Reason::kReplaced);
}

void Node::Impl::measured(Turn& turn, const Contact& from, const Prober::Answered& answer,
                          const Answerer& told) {
  Peer* peer = view_.peers.find(from.id());
  if (!peer || !answer.round_trip) return;
  peer->round_trip.add(*answer.round_trip);
  if (told.coordinate.known()) peer->coordinate = told.coordinate;
  view_.position.measured({told.coordinate, *answer.round_trip}, view_.random);
  // As near is enough: of two such the other one draws.
  const bool farther =
      told.occupant != Duration::zero() && view_.proximity(from.id()) > told.occupant;
  peer->to_be_told = !farther;
  if (view_.state == StateChanged::State::kSeeking) return join_.tick(turn);
  table_.offer(peer->contact);
  if (view_.active() && answer.purpose == Prober::Purpose::kMeasure) table_.announce(turn, *peer);
}

void Node::Impl::on(Turn&, const Contact& from, Measured message) {
  Peer* peer = view_.peers.find(from.id());
  if (!peer || !view_.member()) return;
  if (!peer->round_trip.measured()) peer->round_trip.add(message.round_trip);
  if (message.coordinate.known()) peer->coordinate = message.coordinate;
  view_.position.measured({message.coordinate, message.round_trip}, view_.random);
  table_.offer(peer->contact);
}

void Node::Impl::on(Turn& turn, const Contact& from, Ask message) {
  Answer answer{message.nonce, view_.active(), 0, {}, {}};
  if (view_.member()) {
    answer.rows = static_cast<std::uint32_t>(view_.table.rows());
    if (const auto* row = std::get_if<AskRow>(&message.what)) {
      answer.contacts = row_for(view_, static_cast<int>(row->row), {from.id(), message.coordinate});
      answer.round_trips = view_.round_trips(answer.contacts);
    } else if (const auto* closest = std::get_if<AskClosest>(&message.what)) {
      answer.contacts = closest_around(closest->to, view_.neighbors(), view_.config.leaf_set_size);
    } else {
      answer.contacts = view_.leaves.members();
    }
    answer.coordinates = view_.coordinates(answer.contacts);
  }
  turn.out.push_back(Send{from, std::move(answer)});
}

void Node::Impl::on(Turn& turn, const Contact& from, Answer message) {
  if (join_.answered(turn, from, message)) return;
  if (view_.member() &&
      (repair_.answered(turn, from, message) || table_.answered(turn, from, message))) {
    return;
  }
  ++view_.stats.stale_messages;
}

void Node::Impl::on(Turn& turn, const Contact&, JoinAccepted message) {
  if (!join_.accepted(turn, message)) return;
  asked_around_ = true;
  // The root's leaf set reaches one node farther than the newcomer's on one side.
  LeafSet leaves(view_.self.id(), view_.config.leaf_set_size);
  for (const Contact& leaf : message.leaves) {
    if (leaf.id() == view_.self.id()) continue;
    leaves.insert(leaf);
    view_.shadow.insert(leaf);
  }
  for (const Contact& leaf : leaves.members()) {
    prober_.probe(turn, leaf, Prober::Purpose::kLeafSet);
  }
  for (const Contact& entry : likeliest_entries(view_, message.rows, message.coordinates)) {
    table_.consider(turn, entry);
  }
  for (const Contact& other : message.rows) {
    if (other.id() != view_.self.id()) view_.acquaintances.hear_of(other);
  }
}

void Node::Impl::on(Turn& turn, const Contact&, JoinRefused message) {
  join_.refused(turn, message);
}

void Node::Impl::on(Turn& turn, const Contact& from, Leaving message) {
  lose(turn, from, PeerLost::Reason::kLeft);
  if (view_.member()) learn(turn, from, LeafSetState{false, std::move(message.leaves), {}});
}

void Node::Impl::on(Turn& turn, const Contact& from, Superseded message) {
  if (identity_.superseded(turn, from, message)) reborn(turn);
}

void Node::Impl::learn(Turn& turn, const Contact& from, const LeafSetState& state) {
  for (const Departed& departed : state.failed) {
    // Hearsay of death is only a reason to ask, and none while the one in question is talking to
    // us: answers carry hearsay too, and asking after each would never end.
    const Contact* leaf = view_.leaves.find(departed.id);
    if (!leaf || departed.id == from.id() || leaf->incarnation() > departed.incarnation) continue;
    const Peer* peer = view_.peers.find(departed.id);
    if (peer && peer->spoke && peer->heard + view_.config.timers.probe_timeout > turn.now) continue;
    prober_.doubt(turn, *leaf, Prober::Purpose::kLeafSet, Prober::Evidence::kHearsay);
  }
  std::vector<const Contact*> others;
  others.reserve(state.leaves.size());
  for (const Contact& contact : state.leaves) {
    if (contact.id() == view_.self.id()) {
      identity_.meet_rival(turn, contact);
      continue;
    }
    const Contact* gone = view_.past.find(contact.id());
    if (gone && gone->incarnation() >= contact.incarnation()) {
      if (const auto doubtful = view_.past.claimed(contact.id(), turn.now)) {
        prober_.probe(turn, *doubtful, Prober::Purpose::kMeasure);
      }
      continue;
    }
    others.push_back(&contact);
    if (!view_.is_here(contact)) view_.shadow.insert(contact);
  }
  probe_wanted(turn);
  const auto out_of_sight = [&](NodeId id) {
    // In a small ring the shadow may see on one side who is wanted on the other; in a large one
    // whomever it has no room for stands behind many who come first.
    return !view_.shadow.find(id) &&
           estimate_ring_size(view_.shadow) < kSmallRing * view_.config.leaf_set_size;
  };
  for (const Contact* other : others) {
    const Contact& contact = *other;
    const Contact* known = view_.leaves.find(contact.id());
    const bool later_life = known && known->incarnation() < contact.incarnation();
    if (later_life || (!known && view_.leaves.wants(contact.id()) && out_of_sight(contact.id()))) {
      prober_.probe(turn, contact, Prober::Purpose::kLeafSet);
    } else if (!view_.table.occupant(contact.id()) && !prober_.open(contact.id())) {
      table_.consider(turn, contact);
    }
  }
}

void Node::Impl::probe_wanted(Turn& turn) {
  const LeafSet& leaves = view_.leaves;
  const Outlook outlook{leaves.version(), view_.shadow.version(), leaves.whole_ring()};
  if (outlook == nobody_wanted_) return;  // as nearly always
  const auto wanted = [&](const Contact& contact) {
    return leaves.wants(contact.id()) && !leaves.find(contact.id());
  };
  const LeafSet& shadow = view_.shadow;
  if (!std::any_of(shadow.right().begin(), shadow.right().end(), wanted) &&
      !std::any_of(shadow.left().begin(), shadow.left().end(), wanted)) {
    nobody_wanted_ = outlook;
    return;
  }
  for (const Contact& contact : view_.leaves_heard_of()) {
    if (wanted(contact)) prober_.probe(turn, contact, Prober::Purpose::kLeafSet);
  }
}

void Node::Impl::arrive(Turn& turn, Parcel parcel) {
  if (!parcel.joins()) {
    const bool at_root = is_root(parcel.key);
    turn.out.push_back(Arrived{parcel.key, std::move(parcel.origin), std::move(parcel.previous),
                               parcel.hops, at_root, std::get<AppMessage>(std::move(parcel.cargo)),
                               std::nullopt});
    return;
  }
  const NodeId joiner = parcel.origin.id();
  if (joiner == view_.self.id()) return identity_.meet_rival(turn, parcel.origin);
  add_rows(view_, joiner, std::get<JoinRequest>(parcel.cargo));
  const Route route = view_.route_to(parcel.key, {}, joiner);
  if (route.kind == Route::Kind::kHere) {
    admission_.request(turn, std::move(parcel));
  } else {
    hops_.send(turn, std::move(parcel));
  }
}

}  // namespace phyllo::overlay
