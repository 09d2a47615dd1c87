#include <algorithm>
#include <utility>

#include "overlay/node_impl.h"

namespace phyllo::overlay {

using State = StateChanged::State;

namespace {

constexpr std::size_t kManyDeaths = 3;  // at least, however small the leaf set is

const char* how_lost(PeerLost::Reason reason) {
  switch (reason) {
    case PeerLost::Reason::kLeft:
      return "left";
    case PeerLost::Reason::kSilent:
      return "lost: it does not answer";
    case PeerLost::Reason::kUnreachable:
      return "lost: its link broke and it does not answer";
    case PeerLost::Reason::kReplaced:
      return "replaced by a later life or another node";
  }
  return "lost";
}

/// The members next to a position on the ring, one on each side of it.
std::vector<Contact> members_beside(const LeafSet& leaves, NodeId position) {
  const std::vector<Contact> members = leaves.members();
  if (members.empty()) return {};
  const Contact* after = &members.front();
  const Contact* before = after;
  for (const Contact& member : members) {
    if (clockwise(position, member.id()) < clockwise(position, after->id())) after = &member;
    if (clockwise(member.id(), position) < clockwise(before->id(), position)) before = &member;
  }
  if (after == before) return {*after};
  return {*before, *after};
}

}  // namespace

void Node::Impl::admit_leaf(Turn& turn, const Contact& member, Standing standing) {
  const bool active = standing == Standing::kActive;
  if (Peer* peer = view_.peers.find(member.id())) peer->active = active;
  if (active) admission_.became_active(member.id());
  view_.leaves.insert(member);
  view_.shadow.insert(member);
  if (view_.table.occupant(member.id())) return;
  table_.offer(member);
  // A newcomer measures us, and tells.
  const Peer* peer = view_.peers.find(member.id());
  const bool measured = peer && peer->round_trip.measured();
  if (active && !measured) prober_.probe(turn, member, Prober::Purpose::kMeasure);
}

void Node::Impl::silent(Turn& turn, const Prober::Silent& silent) {
  if (silent.purpose == Prober::Purpose::kMeasure) return;
  const Peer* peer = view_.peers.find(silent.contact.id());
  if (peer && peer->contact.incarnation() > silent.contact.incarnation()) return;
  lose(turn, silent.contact,
       silent.link_broken ? PeerLost::Reason::kUnreachable : PeerLost::Reason::kSilent,
       silent.evidence);
}

void Node::Impl::lose(Turn& turn, const Contact& contact, PeerLost::Reason reason,
                      Prober::Evidence evidence) {
  const NodeId id = contact.id();
  const Contact lost = contact;  // it may live in what is erased now
  const bool left = reason == PeerLost::Reason::kLeft;
  const Peer* peer = view_.peers.find(id);
  const bool spoke = peer && peer->spoke;
  const bool next_to_us = view_.leaves.next_to_owner(id);
  const bool was_leaf = view_.leaves.remove(id);
  const bool was_near = view_.shadow.remove(id);
  const bool was_entry = view_.table.remove(id);
  view_.peers.forget(id);
  prober_.forget(id);
  view_.past.add(lost, left ? PastContacts::Cause::kLeft : PastContacts::Cause::kSilent, turn.now);
  if (spoke || was_leaf || was_entry) {
    ++view_.stats.peers_lost;
    view_.notice(turn, Notice::Level::kInfo, how_lost(reason), id);
    turn.out.push_back(PeerLost{lost, reason});
  }
  admission_.gone(id);
  healing_.peer_lost(turn);
  hops_.peer_lost(turn, id);
  repair_.peer_lost(turn, id);
  if (was_leaf || was_entry) {
    table_.failed(turn,
                  was_leaf ? TableMaintenance::Failed::kLeaf : TableMaintenance::Failed::kEntry);
  }
  if (!was_leaf) {
    if (was_near && view_.member()) seek_successors(turn);
    return;
  }
  ++view_.stats.leaf_set_repairs;
  asked_around_ = false;
  if (!left) leaf_died(turn, lost, evidence, next_to_us);
  if (!view_.leaves.broken()) return;
  repair_.start(turn);
  healing_.side_lost(turn);
}

void Node::Impl::leaf_died(Turn& turn, const Contact& lost, Prober::Evidence evidence,
                           bool next_to_us) {
  if (note_leaf_death(turn.now, next_to_us) == Toll::kMassive) {
    announce_to(turn, lost);
    leaf_deaths_.clear();
    heartbeats_.doubt_edges(turn);
    return probe_leaves(turn);  // who else is gone?
  }
  if (evidence == Prober::Evidence::kOwn) {
    // The accused hears of it too: if it lives after all, it answers and is taken back.
    announce_to(turn, lost);
    // Those next to it tell all others, whose leaf sets are nearly the same as theirs.
    const LeafSet& leaves = view_.leaves;
    for (const Contact& leaf : next_to_us ? leaves.members() : members_beside(leaves, lost.id())) {
      announce_to(turn, leaf);
    }
    for (const auto* side : {&leaves.right(), &leaves.left()}) {
      if (!next_to_us || side->empty()) continue;
      prober_.probe(turn, side->front(), Prober::Purpose::kLeafSet);
    }
  }
  seek_successors(turn);
}

Node::Impl::Toll Node::Impl::note_leaf_death(Time now, bool next_to_us) {
  const Timers& timers = view_.config.timers;
  const Duration verdict = timers.probe_attempts * timers.probe_timeout;
  const bool again_next_to_us = next_to_us && neighbor_death_ > now - verdict;
  if (next_to_us) neighbor_death_ = now;
  const Time lately = now - std::max(verdict, timers.silence);
  std::erase_if(leaf_deaths_, [&](Time death) { return death <= lately; });
  leaf_deaths_.push_back(now);
  const std::size_t many = (3 * view_.config.leaf_set_size + 9) / 10;  // MSPastry: 30 %
  const bool massive = again_next_to_us || leaf_deaths_.size() >= std::max(many, kManyDeaths);
  return massive ? Toll::kMassive : Toll::kOrdinary;
}

void Node::Impl::announce_to(Turn& turn, const Contact& leaf) {
  view_.send(turn, leaf, Probe{kNoAnswerWanted, view_.leaf_set_state(turn.now)});
}

bool Node::Impl::seek_successors(Turn& turn) {
  const LeafSet& leaves = view_.leaves;
  const std::size_t half = view_.config.leaf_set_size / 2;
  if (leaves.right().size() == half && leaves.left().size() == half) return false;
  bool asked = false;
  for (const Contact& contact : view_.leaves_heard_of()) {
    if (leaves.find(contact.id()) || !leaves.wants(contact.id())) continue;
    prober_.probe(turn, contact, Prober::Purpose::kLeafSet);
    // As long as it may answer in time it stands for its place, or else the next one out would be
    // asked too.
    if (!prober_.open(contact.id())) view_.shadow.remove(contact.id());
    asked = true;
  }
  if (asked || leaves.complete() || asked_around_) return asked;
  for (const auto* side : {&leaves.right(), &leaves.left()}) {
    if (side->size() == half || side->empty()) continue;
    prober_.probe(turn, side->back(), Prober::Purpose::kLeafSet);
  }
  return false;
}

void Node::Impl::probe_leaves(Turn& turn) {
  asked_around_ = true;
  for (const Contact& leaf : view_.leaves.members()) {
    prober_.probe(turn, leaf, Prober::Purpose::kLeafSet);
  }
}

void Node::Impl::meet_stranger(Turn& turn, const Contact& stranger) {
  if (view_.leaves.wants(stranger.id())) {
    prober_.probe(turn, stranger, Prober::Purpose::kLeafSet);
  }
  repair_.start_from(turn, stranger);
}

void Node::Impl::notice_outsider(Turn& turn, const Contact& member) {
  if (!view_.active() || !view_.leaves.whole_ring() || view_.leaves.find(member.id())) return;
  prober_.probe(turn, member, Prober::Purpose::kLeafSet);
}

void Node::Impl::reborn(Turn& turn) {
  view_.notice(turn, Notice::Level::kInfo,
               "taking incarnation " + std::to_string(view_.self.incarnation()), view_.self.id());
  join_.reborn(turn);
  if (view_.member()) probe_leaves(turn);
}

void Node::Impl::conclude(Turn& turn) {
  if (!view_.member() || prober_.probing_leaves() || repair_.running()) return;
  LeafSet& leaves = view_.leaves;
  if (seek_successors(turn)) return;
  const bool waiting = view_.state == State::kWaiting;
  if (leaves.empty()) {
    if (waiting && !was_active_) {
      return join_.start_again(turn, "nobody of the leaf set answered");
    }
    leaves.assume_whole_ring();  // whoever knew others would have asked them: a ring of one
  } else if (!leaves.complete()) {
    if (!asked_around_) return probe_leaves(turn);  // does any of them know more?
    leaves.assume_whole_ring();
    return probe_leaves(turn);
  }
  if (leaves.broken()) {
    leaves.mend();
    hops_.release(turn);
  }
  if (waiting) activate(turn);
}

void Node::Impl::activate(Turn& turn) {
  view_.settle();
  view_.enter(turn, State::kActive, "");
  // The root that let it in stands next to it; to the others it makes no difference.
  for (const auto* side : {&view_.leaves.right(), &view_.leaves.left()}) {
    if (!side->empty()) view_.send(turn, side->front(), Heartbeat{true});
  }
  table_.announce_all(turn);
}

void Node::Impl::report_leaves(Turn& turn) {
  const bool newly_active = view_.active() && !serving_;
  serving_ = view_.active();
  was_active_ |= view_.active();
  const bool changed = view_.leaves.version() != reported_version_;
  if (changed || newly_active) {
    reported_version_ = view_.leaves.version();
    const std::vector<Contact> members = view_.leaves.members();
    LeafSetChanged change;
    std::copy_if(members.begin(), members.end(), std::back_inserter(change.joined),
                 [&](const Contact& c) {
                   return std::find(reported_leaves_.begin(), reported_leaves_.end(), c) ==
                          reported_leaves_.end();
                 });
    for (const Contact& old : reported_leaves_) {
      if (!view_.leaves.find(old.id())) change.left.push_back(old.id());
    }
    reported_leaves_ = members;
    for (const Contact& leaf : change.joined) {
      const std::string where = leaf.region().empty() ? "" : " (" + leaf.region() + ")";
      view_.notice(turn, Notice::Level::kInfo, "joined the leaf set" + where, leaf.id());
    }
    if (newly_active || !change.joined.empty() || !change.left.empty()) {
      turn.out.push_back(std::move(change));
    }
    hops_.release(turn);
  }
}

}  // namespace phyllo::overlay
