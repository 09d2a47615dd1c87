#include "overlay/repair.h"

#include <algorithm>

namespace phyllo::overlay {
namespace {

constexpr int kMaxQuestions = 64;
constexpr std::size_t kMaxCandidates = 256;

}  // namespace

void Repair::start(Turn& turn) {
  candidates_.clear();
  questions_ = 0;
  running_ = true;
  for (const Contact& contact : view_.neighbors()) add(contact);
  step(turn);
}

void Repair::start_from(Turn& turn, const Contact& stranger) {
  if (!running_) {
    candidates_.clear();
    questions_ = 0;
    running_ = true;
  }
  add(stranger);
  const auto it = candidates_.find(stranger.id());
  if (it != candidates_.end() && it->second.asked == Asked::kNot) ask(turn, it->second);
  step(turn);
}

void Repair::add(const Contact& contact) {
  if (view_.is_here(contact) || candidates_.size() >= kMaxCandidates) return;
  const Contact* gone = view_.past.find(contact.id());
  if (gone && gone->incarnation() >= contact.incarnation()) return;
  candidates_.try_emplace(contact.id(), Candidate{contact});
}

Repair::Candidate* Repair::nearest(LeafSet::Side side) {
  Candidate* best = nullptr;
  const NodeId self = view_.self.id();
  const auto reach = [&](NodeId id) {
    return side == LeafSet::Side::kRight ? clockwise(self, id) : clockwise(id, self);
  };
  for (auto& [id, candidate] : candidates_) {
    if (!best || reach(id) < reach(best->contact.id())) best = &candidate;
  }
  return best;
}

void Repair::ask(Turn& turn, Candidate& candidate) {
  ++questions_;
  candidate.asked = Asked::kOpen;
  candidate.nonce = view_.random.next();
  candidate.deadline = turn.now + view_.config.timers.probe_timeout;
  view_.send(turn, candidate.contact, Ask{candidate.nonce, AskClosest{view_.self.id()}});
}

void Repair::step(Turn& turn) {
  for (const auto side : {LeafSet::Side::kRight, LeafSet::Side::kLeft}) {
    Candidate* candidate = nearest(side);
    if (!candidate) continue;
    // Leaf sets are exchanged anyway: whoever is in it knows of nobody closer.
    if (!view_.leaves.broken() && view_.leaves.find(candidate->contact.id())) continue;
    if (candidate->asked == Asked::kNot && questions_ < kMaxQuestions) ask(turn, *candidate);
  }
  const bool open = std::any_of(candidates_.begin(), candidates_.end(), [](const auto& entry) {
    return entry.second.asked == Asked::kOpen;
  });
  if (open) return;
  running_ = false;
  candidates_.clear();
}

bool Repair::answered(Turn& turn, const Contact& from, const Answer& answer) {
  const auto it = candidates_.find(from.id());
  if (!running_ || it == candidates_.end() || it->second.asked != Asked::kOpen ||
      it->second.nonce != answer.nonce) {
    return false;
  }
  it->second.asked = Asked::kAnswered;
  if (view_.leaves.wants(from.id())) prober_.probe(turn, from, Prober::Purpose::kLeafSet);
  for (const Contact& contact : answer.contacts) {
    add(contact);
    if (candidates_.contains(contact.id()) && view_.leaves.wants(contact.id())) {
      prober_.probe(turn, contact, Prober::Purpose::kLeafSet);
    }
  }
  step(turn);
  return true;
}

void Repair::peer_lost(Turn& turn, NodeId peer) {
  if (running_ && candidates_.erase(peer) > 0) step(turn);
}

void Repair::tick(Turn& turn) {
  if (!running_) return;
  bool changed = false;
  for (auto it = candidates_.begin(); it != candidates_.end();) {
    Candidate& candidate = it->second;
    if (candidate.asked != Asked::kOpen || candidate.deadline > turn.now) {
      ++it;
      continue;
    }
    prober_.probe(turn, candidate.contact, Prober::Purpose::kTable);
    it = candidates_.erase(it);
    changed = true;
  }
  if (changed) step(turn);
}

Time Repair::next_tick() const {
  Time next = kNever;
  if (!running_) return next;
  for (const auto& [id, candidate] : candidates_) {
    if (candidate.asked == Asked::kOpen) next = std::min(next, candidate.deadline);
  }
  return next;
}

std::vector<Contact> closest_around(NodeId to, std::vector<Contact> known, std::size_t count) {
  std::erase_if(known, [&](const Contact& c) { return c.id() == to; });
  if (known.size() <= count) return known;
  std::sort(known.begin(), known.end(), [&](const Contact& a, const Contact& b) {
    return clockwise(to, a.id()) < clockwise(to, b.id());
  });
  const auto right = static_cast<std::ptrdiff_t>(count / 2);
  known.erase(known.begin() + right, known.end() - static_cast<std::ptrdiff_t>(count / 2));
  return known;
}

}  // namespace phyllo::overlay
