#include "overlay/prober.h"

#include <algorithm>
#include <utility>

namespace phyllo::overlay {
namespace {

constexpr int kMeasureAttempts = 2;
constexpr int kNonceBits = 8;  // below them the try is counted

}  // namespace

int Prober::attempts(const Question& question) const {
  if (question.purpose == Purpose::kMeasure) return kMeasureAttempts;
  // Who stands next to it decides whether keys change hands, and makes sure himself.
  const bool checks =
      question.evidence == Evidence::kHearsay && !view_.leaves.next_to_owner(question.peer.id());
  return checks ? 1 : view_.config.timers.probe_attempts;
}

void Prober::probe(Turn& turn, const Contact& peer, Purpose purpose, Evidence evidence) {
  if (view_.is_here(peer)) return;
  const auto it = open_.find(peer.id());
  if (it != open_.end() && it->second.peer.incarnation() >= peer.incarnation()) {
    Question& question = it->second;
    if (evidence == Evidence::kOwn) question.evidence = evidence;
    if (purpose <= question.purpose) return;
    const bool exchange = purpose == Purpose::kLeafSet;
    question.purpose = purpose;
    if (exchange) {
      question.tries = 0;
      question.since = turn.now;
      ask(turn, question);
    }
    return;
  }
  if (it == open_.end() && open_.size() >= kMaxOpen) return;
  Question question = blank(turn.now, peer, purpose);
  question.evidence = evidence;
  ask(turn, open_.insert_or_assign(peer.id(), question).first->second);
}

Prober::Question Prober::blank(Time now, const Contact& peer, Purpose purpose) {
  const std::uint64_t nonce = view_.random.next() << kNonceBits;
  const Peer* known = view_.peers.find(peer.id());
  const bool doubted = !known || !known->spoke || known->suspected;
  return {peer, purpose, nonce, 0, doubted, now, now, now, view_.config.timers.probe_timeout};
}

void Prober::ask(Turn& turn, Question& question) {
  ++question.tries;
  ++question.nonce;
  question.sent = turn.now;
  question.deadline = turn.now + question.timeout;
  if (question.purpose == Purpose::kLeafSet) {
    view_.send(turn, question.peer, Probe{question.nonce, view_.leaf_set_state(turn.now)});
  } else {
    view_.send(turn, question.peer, Ping{question.nonce, view_.member()});
  }
}

bool Prober::unanswered(Turn& turn, Question& question) {
  const Peer* peer = view_.peers.find(question.peer.id());
  const bool speaks = peer && peer->heard > question.since;
  const bool patient = speaks || !(question.doubted || question.link_broken);
  view_.suspect(question.peer.id());
  // Not for ever: a peer that hears nothing of what we say is of no use.
  if (question.tries < attempts(question) * (patient ? 2 : 1)) {
    ask(turn, question);
    return false;
  }
  silent_.push_back({question.peer, question.purpose, question.link_broken, question.evidence});
  return true;
}

void Prober::link_broke(Turn& turn, const Contact& peer, Purpose purpose) {
  const auto it = open_.find(peer.id());
  if (it != open_.end()) {
    Question& question = it->second;
    question.purpose = std::max(question.purpose, purpose);
    question.timeout = view_.config.timers.probe_timeout / 2;
    question.link_broken = true;
    question.evidence = Evidence::kOwn;
    if (unanswered(turn, question)) open_.erase(it);
    return;
  }
  if (open_.size() >= kMaxOpen) return;
  view_.suspect(peer.id());
  Question question = blank(turn.now, peer, purpose);
  question.timeout /= 2;
  question.link_broken = true;
  ask(turn, open_.emplace(peer.id(), question).first->second);
}

std::optional<Prober::Answered> Prober::answered(Time now, NodeId from, std::uint64_t nonce) {
  const auto it = open_.find(from);
  if (it == open_.end()) return std::nullopt;
  const Question& question = it->second;
  if (nonce >> kNonceBits != question.nonce >> kNonceBits) return std::nullopt;
  Answered answer{std::nullopt, question.purpose};
  if (nonce == question.nonce) answer.round_trip = now - question.sent;
  open_.erase(it);
  return answer;
}

void Prober::start_over(Turn& turn) {
  for (auto& [id, question] : open_) {
    question.tries = 0;
    question.since = turn.now;
    ask(turn, question);
  }
}

bool Prober::probing_leaves() const {
  return std::any_of(open_.begin(), open_.end(),
                     [](const auto& entry) { return entry.second.purpose == Purpose::kLeafSet; });
}

void Prober::tick(Turn& turn) {
  for (auto it = open_.begin(); it != open_.end();) {
    const bool closed = it->second.deadline <= turn.now && unanswered(turn, it->second);
    it = closed ? open_.erase(it) : std::next(it);
  }
}

Time Prober::next_tick() const {
  Time next = kNever;
  for (const auto& [id, question] : open_) next = std::min(next, question.deadline);
  return next;
}

}  // namespace phyllo::overlay
