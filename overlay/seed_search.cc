#include "overlay/seed_search.h"

#include <algorithm>
#include <utility>

#include "overlay/prospects.h"

namespace phyllo::overlay {
namespace {

constexpr std::uint32_t kMaxRounds = 2 * kDigits;
constexpr std::size_t kMaxCandidates = 32;    // in the top row
constexpr std::size_t kFewCandidates = 6;     // in rows below it
constexpr std::size_t kFirstCandidates = 4;   // of a leaf set
constexpr std::size_t kLikelyCandidates = 2;  // once coordinates tell who is near
constexpr double kSureOfPlace = 0.4;          // error of predictions, as a part of them

}  // namespace

void SeedSearch::start(Turn& turn) {
  prober_.probe(turn, best_, Prober::Purpose::kMeasure);
  ask(turn);
}

void SeedSearch::ask(Turn& turn) {
  stage_ = Stage::kAsking;
  nonce_ = view_.random.next();
  deadline_ = turn.now + 2 * view_.config.timers.probe_timeout;
  Ask question{nonce_, AskLeaves{}, view_.position.told()};
  if (row_) question.what = AskRow{*row_};
  view_.send(turn, best_, question);
}

bool SeedSearch::answered(Turn& turn, const Contact& from, const Answer& answer) {
  if (stage_ != Stage::kAsking || answer.nonce != nonce_) return false;
  if (!answer.active) {
    stage_ = row_ ? Stage::kDone : Stage::kFailed;
    deadline_ = kNever;
    return true;
  }
  const bool first = !row_.has_value();
  // The last two rows are those of a few nodes from anywhere.
  if (first || *row_ > answer.rows) row_ = std::max(answer.rows, 2u) - 1;
  const bool top = first ? answer.rows < 2 : *row_ == 0;
  choose(answer, top ? kMaxCandidates : first ? kFirstCandidates : kFewCandidates, from);
  for (const Contact& contact : candidates_) {
    if (!measured(contact)) prober_.probe(turn, contact, Prober::Purpose::kMeasure);
  }
  stage_ = Stage::kMeasuring;
  deadline_ = turn.now + view_.config.timers.probe_timeout;
  tick(turn);
  return true;
}

bool SeedSearch::measured(const Contact& contact) const {
  const Peer* peer = view_.peers.find(contact.id());
  return peer && peer->round_trip.measured();
}

void SeedSearch::choose(const Answer& answer, std::size_t most, const Contact& teller) {
  std::vector<std::pair<Duration, Contact>> nearest;
  const Duration best = view_.proximity(best_.id());
  const bool placed = view_.position.error() < kSureOfPlace;
  if (placed) most = std::min(most, kLikelyCandidates);
  for (std::size_t i = 0; i < answer.contacts.size(); ++i) {
    const Contact& contact = answer.contacts[i];
    if (contact.id() == view_.self.id() || contact.id() == teller.id()) continue;
    view_.acquaintances.hear_of(contact);
    const Duration least = view_.least_proximity(contact, answer.round_trip(i), teller.id());
    if (least >= best) continue;
    nearest.emplace_back(
        placed ? view_.likely_proximity(contact, coordinate_at(answer.coordinates, i)) : least,
        contact);
  }
  std::stable_sort(nearest.begin(), nearest.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  candidates_.clear();
  for (const auto& [least, contact] : nearest) {
    if (candidates_.size() < most) candidates_.push_back(contact);
  }
}

void SeedSearch::tick(Turn& turn) {
  if (stage_ == Stage::kMeasuring) {
    const bool all_in = std::none_of(candidates_.begin(), candidates_.end(),
                                     [&](const Contact& c) { return prober_.open(c.id()); });
    if (all_in || turn.now >= deadline_) take_nearest(turn);
  } else if (stage_ == Stage::kAsking && turn.now >= deadline_) {
    // The first one may be dead; one found on the way answered a moment ago and will do.
    stage_ = row_ ? Stage::kDone : Stage::kFailed;
    deadline_ = kNever;
  }
}

void SeedSearch::take_nearest(Turn& turn) {
  const NodeId before = best_.id();
  view_.settle();
  for (const Contact& contact : candidates_) {
    if (view_.proximity(contact.id()) < view_.proximity(best_.id())) best_ = contact;
  }
  candidates_.clear();
  const bool top = *row_ == 0;
  if ((top && best_.id() == before) || ++rounds_ >= kMaxRounds) {
    stage_ = Stage::kDone;
    deadline_ = kNever;
    return;
  }
  if (!top) --*row_;
  ask(turn);
}

}  // namespace phyllo::overlay
