#include "overlay/join.h"

#include <algorithm>
#include <utility>

namespace phyllo::overlay {
namespace {

using State = StateChanged::State;

constexpr int kRequestsPerEntry = 4;
constexpr int kMaxDoublings = 4;
constexpr int kMaxFoundingDeferrals = 3;
constexpr std::size_t kMaxAnswering = 16;

}  // namespace

void Join::start(Turn& turn, std::vector<Endpoint> seeds) {
  const Place& own = view_.self.place();
  is_seed_ = seeds.empty();
  for (Endpoint& seed : seeds) {
    if (seed == own.local || seed == own.wan) {
      is_seed_ = true;
    } else if (std::find(seeds_.begin(), seeds_.end(), seed) == seeds_.end()) {
      seeds_.push_back(std::move(seed));
    }
  }
  seek(turn, "");
}

void Join::start_again(Turn& turn, const char* why) { seek(turn, why); }

void Join::seek(Turn& turn, const std::string& why) {
  view_.enter(turn, State::kSeeking, why);
  search_.reset();
  entry_.reset();
  answering_.clear();
  smallest_seeker_.reset();
  founding_deferrals_ = 0;
  tries_ = 0;
  if (is_seed_ && seeds_.empty()) return found_ring(turn);
  found_at_ = is_seed_ ? turn.now + view_.config.timers.founding_patience : kNever;
  dial_all(turn);
}

void Join::dial_all(Turn& turn) {
  for (const Endpoint& seed : seeds_) turn.out.push_back(Dial{seed});
  retry_at_ = turn.now + back_off(turn);
}

Duration Join::back_off(Turn&) {
  const Duration base = view_.config.timers.join_retry * (1 << std::min(tries_, kMaxDoublings));
  ++tries_;
  return view_.random.around(base, 0.25);
}

void Join::dialed(Turn& turn, const Endpoint& endpoint, const Contact& found) {
  if (found.id() == view_.self.id()) {
    // Another name of this very node's endpoint; a second node with the id is Identity's business.
    if (found.place() != view_.self.place()) return;
    is_seed_ = true;
    std::erase(seeds_, endpoint);
    if (view_.state == State::kSeeking && seeds_.empty()) return found_ring(turn);
    found_at_ = std::min(found_at_, turn.now + view_.config.timers.founding_patience);
    return;
  }
  introduced(turn, found);
}

void Join::introduced(Turn& turn, const Contact& stranger) {
  if (view_.state != State::kSeeking || answering_.size() == kMaxAnswering) return;
  const auto same = [&](const Contact& other) { return other.id() == stranger.id(); };
  if (std::any_of(answering_.begin(), answering_.end(), same)) return;
  answering_.push_back(stranger);
  if (!search_) search_from_next(turn);
}

void Join::found_by(Time when) {
  if (view_.state != State::kSeeking) return;
  is_seed_ = true;
  found_at_ = std::min(found_at_, when);
}

void Join::dial_failed(Turn&, const Endpoint&) {}  // dialed again by `tick`

void Join::search_from_next(Turn& turn) {
  search_.reset();
  if (answering_.empty()) return;
  search_.emplace(view_, prober_, answering_.front());
  answering_.erase(answering_.begin());
  search_->start(turn);
}

bool Join::answered(Turn& turn, const Contact& from, const Answer& answer) {
  if (!search_ || !search_->answered(turn, from, answer)) return false;
  if (!answer.active && (!smallest_seeker_ || from.id() < *smallest_seeker_)) {
    smallest_seeker_ = from.id();
  }
  continue_search(turn);
  return true;
}

void Join::continue_search(Turn& turn) {
  if (!search_) return;
  if (search_->failed()) return search_from_next(turn);
  if (!search_->done()) return;
  entry_ = search_->nearest();
  search_.reset();
  view_.enter(turn, State::kJoining, "");
  attempt_ = view_.random.next();
  tries_ = 0;
  request(turn);
}

void Join::request(Turn& turn) {
  // Each transmission is a life of its own, so that no window takes it for an earlier one.
  view_.send(turn, *entry_,
             Hop{view_.random.next(), 1, 0, Key::at(view_.self.id()), view_.self, 1,
                 JoinRequest{attempt_, {}, {}, view_.position.told()}});
  retry_at_ = turn.now + back_off(turn);
}

bool Join::accepted(Turn& turn, const JoinAccepted& accepted) {
  if (view_.state != State::kJoining || accepted.attempt != attempt_) {
    ++view_.stats.stale_messages;
    return false;
  }
  retry_at_ = found_at_ = kNever;
  view_.enter(turn, State::kWaiting, "");
  return true;
}

void Join::refused(Turn& turn, const JoinRefused& refused) {
  if (view_.state != State::kJoining || refused.attempt != attempt_) {
    ++view_.stats.stale_messages;
    return;
  }
  if (refused.reason == JoinRefused::Reason::kKnownInLaterLife) {
    if (refused.incarnation < view_.self.incarnation() || refused.incarnation >= kMaxIncarnation) {
      return;
    }
    view_.self = view_.self.reborn(refused.incarnation + 1);
    return reborn(turn);
  }
  std::string why = "node id " + view_.self.id().hex() + " is taken";
  if (refused.holder) why += " by " + refused.holder->place().local.text();
  view_.enter(turn, State::kResigned, why);
}

void Join::reborn(Turn& turn) {
  if (view_.state != State::kJoining) return;
  attempt_ = view_.random.next();
  if (tries_ < kRequestsPerEntry) request(turn);
}

void Join::tick(Turn& turn) {
  if (view_.state == State::kSeeking) {
    if (search_) {
      search_->tick(turn);
      continue_search(turn);
    }
    if (view_.state != State::kSeeking) return;
    if (found_at_ <= turn.now) consider_founding(turn);
    if (view_.state == State::kSeeking && retry_at_ <= turn.now) dial_all(turn);
  } else if (view_.state == State::kJoining && retry_at_ <= turn.now) {
    if (tries_ < kRequestsPerEntry) return request(turn);
    seek(turn, "no answer to the join request");
  }
}

void Join::consider_founding(Turn& turn) {
  const bool somebody_first = smallest_seeker_ && *smallest_seeker_ < view_.self.id();
  if (search_ || (somebody_first && founding_deferrals_ < kMaxFoundingDeferrals)) {
    // The seed with the smallest id founds the ring, or else all would, each its own.
    ++founding_deferrals_;
    found_at_ = turn.now + view_.config.timers.founding_patience;
    return;
  }
  found_ring(turn);
}

void Join::found_ring(Turn& turn) {
  view_.position.found();
  found_at_ = retry_at_ = kNever;
  search_.reset();
  view_.enter(turn, State::kActive, "founded a ring");
}

Time Join::next_tick() const {
  if (view_.state == State::kJoining) return retry_at_;
  if (view_.state != State::kSeeking) return kNever;
  return std::min({retry_at_, found_at_, search_ ? search_->next_tick() : kNever});
}

}  // namespace phyllo::overlay
