#include "overlay/prober.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace phyllo::overlay {
namespace {

constexpr int kMeasureAttempts = 2;
constexpr int kNonceBits = 8;  // below them the try is counted
constexpr std::size_t kKeptRoom = 8;
constexpr int kLongestPause = 3;  // × the first one
constexpr int kNeighborChecks = 2;
constexpr int kPressingShare = 20;       // of the usual wait is the shortest
constexpr int kFewestTableAttempts = 4;  // fewer take the living for dead when losses begin
constexpr int kMostTableAttempts = 6;
constexpr double kMistaken = 1e-4;  // the chance that all attempts were lost
constexpr double kLossRises = 1.0 / 8;
constexpr double kLossFalls = 1.0 / 64;

}  // namespace

int Prober::attempts(const Question& question) const {
  if (question.purpose == Purpose::kMeasure) return kMeasureAttempts;
  if (question.found_gone) return 1;
  if (question.purpose == Purpose::kTable && !question.link_broken) return table_attempts();
  const Peer* peer = view_.living(question.peer.id());
  const bool fast = pressing(question) && peer && peer->round_trip.measured();
  if (question.accused) {
    // Who stands next to it decides whether keys change hands, and makes sure himself.
    if (!view_.leaves.next_to_owner(question.peer.id())) return 1;
    if (fast) return kNeighborChecks;
  }
  return view_.config.timers.probe_attempts + (fast ? 1 : 0);
}

int Prober::table_attempts() const {
  const double needed = std::ceil(std::log(kMistaken) / std::log(loss_));
  return static_cast<int>(std::clamp<double>(needed, kFewestTableAttempts, kMostTableAttempts));
}

bool Prober::pressing(const Question& question) const {
  if (question.purpose != Purpose::kLeafSet || !question.doubted || question.link_broken) {
    return false;
  }
  return !question.accused || view_.leaves.next_to_owner(question.peer.id());
}

Duration Prober::wait_for(const Question& question) const {
  if (question.purpose == Purpose::kTable && !question.link_broken) {
    return question.timeout * std::min(question.tries, kLongestPause);
  }
  const Peer* peer = view_.living(question.peer.id());
  if (!pressing(question) || !peer) return question.timeout;
  Duration wait = std::max(peer->round_trip.timeout(view_.config.timers.minimum_rto),
                           question.timeout / kPressingShare);
  for (int i = 1; i < question.tries; ++i) wait += wait / 2;
  return std::min(wait, question.timeout);
}

void Prober::note_loss(const Question& answered) {
  for (int i = 1; i < answered.tries; ++i) loss_ += kLossRises * (1 - loss_);
  loss_ -= kLossFalls * loss_;
}

void Prober::probe(Turn& turn, const Contact& peer, Purpose purpose, Evidence evidence) {
  if (view_.is_here(peer)) return;
  const auto it = find(peer.id());
  if (it != open_.end() && it->peer.incarnation() >= peer.incarnation()) {
    Question& question = *it;
    if (evidence == Evidence::kOwn) question.evidence = evidence;
    if (evidence == Evidence::kHearsay) question.accused = true;
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
  question.accused = evidence == Evidence::kHearsay;
  ask(turn, open_one(std::move(question)));
}

void Prober::doubt(Turn& turn, const Contact& peer, Purpose purpose, Evidence evidence) {
  view_.suspect(peer.id());
  if (const auto it = find(peer.id()); it != open_.end() && !it->doubted) {
    it->doubted = true;
    it->deadline = std::min(it->deadline, turn.now + wait_for(*it));
  }
  probe(turn, peer, purpose, evidence);
}

void Prober::confirm(Turn& turn, const Contact& peer, Purpose purpose) {
  doubt(turn, peer, purpose);
  if (const auto it = find(peer.id()); it != open_.end()) it->found_gone = true;
}

Prober::Open::iterator Prober::find(NodeId peer) {
  const auto it = std::lower_bound(open_.begin(), open_.end(), peer, Before{});
  return it != open_.end() && it->peer.id() == peer ? it : open_.end();
}

Prober::Question& Prober::open_one(Question question) {
  const NodeId peer = question.peer.id();
  const auto it = std::lower_bound(open_.begin(), open_.end(), peer, Before{});
  if (it != open_.end() && it->peer.id() == peer) return *it = std::move(question);
  return *open_.insert(it, std::move(question));
}

void Prober::forget(NodeId peer) {
  if (const auto it = find(peer); it != open_.end()) close(it);
}

Prober::Open::iterator Prober::close(Open::iterator question) {
  const auto next = open_.erase(question);
  if (!open_.empty() || open_.capacity() <= kKeptRoom) return next;
  open_ = {};  // a join asks a hundred at once, and then hardly anybody
  return open_.end();
}

Prober::Question Prober::blank(Time now, const Contact& peer, Purpose purpose) {
  const std::uint64_t nonce = view_.random.next() << kNonceBits;
  const Peer* known = view_.peers.find(peer.id());
  const bool doubted = !known || !known->spoke || known->suspected;
  return {peer, purpose, nonce, {}, 0, doubted, now, now, view_.config.timers.probe_timeout};
}

void Prober::ask(Turn& turn, Question& question) {
  ++question.tries;
  ++question.nonce;
  question.sent[question.nonce % kTimedTries] = turn.now;
  question.deadline = turn.now + wait_for(question);
  if (question.purpose == Purpose::kLeafSet) {
    view_.send(turn, question.peer, Probe{question.nonce, view_.leaf_set_state(turn.now)});
  } else {
    view_.send(turn, question.peer, Ping{question.nonce, view_.member()});
  }
}

bool Prober::unanswered(Turn& turn, Question& question) {
  const Peer* peer = view_.peers.find(question.peer.id());
  const bool speaks = peer && view_.heard(*peer) > question.since;
  const bool routine = question.purpose == Purpose::kLeafSet && !question.doubted;
  const bool patient = speaks || (routine && !question.link_broken);
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
  const auto it = find(peer.id());
  if (it != open_.end()) {
    Question& question = *it;
    question.purpose = std::max(question.purpose, purpose);
    question.timeout = view_.config.timers.probe_timeout / 2;
    question.link_broken = true;
    question.evidence = Evidence::kOwn;
    if (unanswered(turn, question)) close(it);
    return;
  }
  if (open_.size() >= kMaxOpen) return;
  view_.suspect(peer.id());
  Question question = blank(turn.now, peer, purpose);
  question.timeout /= 2;
  question.link_broken = true;
  ask(turn, open_one(std::move(question)));
}

std::optional<Prober::Answered> Prober::answered(Time now, NodeId from, std::uint64_t nonce) {
  const auto it = find(from);
  if (it == open_.end()) return std::nullopt;
  const Question& question = *it;
  if (nonce >> kNonceBits != question.nonce >> kNonceBits) return std::nullopt;
  Answered answer{std::nullopt, question.purpose};
  const std::uint64_t first = question.nonce >> kNonceBits << kNonceBits;
  const bool made = nonce > first && nonce <= question.nonce;
  if (made && question.nonce - nonce < kTimedTries) {
    answer.round_trip = now - question.sent[nonce % kTimedTries];
  }
  note_loss(question);
  close(it);
  return answer;
}

void Prober::start_over(Turn& turn) {
  for (Question& question : open_) {
    question.tries = 0;
    question.since = turn.now;
    ask(turn, question);
  }
}

bool Prober::probing_leaves() const {
  return std::any_of(open_.begin(), open_.end(), [](const Question& question) {
    return question.purpose == Purpose::kLeafSet;
  });
}

void Prober::tick(Turn& turn) {
  for (auto it = open_.begin(); it != open_.end();) {
    const bool closed = it->deadline <= turn.now && unanswered(turn, *it);
    it = closed ? close(it) : std::next(it);
  }
}

Time Prober::next_tick() const {
  Time next = kNever;
  for (const Question& question : open_) next = std::min(next, question.deadline);
  return next;
}

}  // namespace phyllo::overlay
