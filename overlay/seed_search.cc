#include "overlay/seed_search.h"

#include <algorithm>

namespace phyllo::overlay {
namespace {

constexpr std::uint32_t kMaxRounds = 2 * kDigits;
constexpr std::size_t kMaxCandidates = 32;
constexpr std::size_t kFirstCandidates = 4;

}  // namespace

void SeedSearch::start(Turn& turn) {
  prober_.probe(turn, best_, Prober::Purpose::kMeasure);
  ask(turn);
}

void SeedSearch::ask(Turn& turn) {
  stage_ = Stage::kAsking;
  nonce_ = view_.random.next();
  deadline_ = turn.now + 2 * view_.config.timers.probe_timeout;
  Ask question{nonce_, AskLeaves{}};
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
  if (first || *row_ > answer.rows) row_ = std::max(answer.rows, 1u);
  candidates_ = answer.contacts;
  std::erase_if(candidates_,
                [&](const Contact& c) { return c.id() == view_.self.id() || c.id() == from.id(); });
  // The leaves lie anywhere: a few of them tell where to begin, the rows lead from there.
  const std::size_t most = first && *row_ > 1 ? kFirstCandidates : kMaxCandidates;
  if (candidates_.size() > most) {
    candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(most), candidates_.end());
  }
  for (const Contact& contact : candidates_) {
    prober_.probe(turn, contact, Prober::Purpose::kMeasure);
  }
  stage_ = Stage::kMeasuring;
  deadline_ = turn.now + view_.config.timers.probe_timeout;
  tick(turn);
  return true;
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
