#include "regions/envoy.h"

#include <utility>

namespace phyllo::regions {

using overlay::Contact;
using Stage = CastInto::Stage;
using State = CastState::State;

namespace {

constexpr std::size_t kMaxUnderWay = 1'000;
/// Longer than anybody asks what became of one.
constexpr std::size_t kRemembered = 4'096;

}  // namespace

void Envoy::on_cast(Turn& turn, const Contact& from, CastInto cast) {
  const EnclosureRef enclosure = seats_.enclosure(turn, cast.topic);
  if (enclosure && !seats_.admits(enclosure, from.region())) return;
  const Key key{from.id(), from.incarnation(), cast.number};
  CastState answer{cast.number, State::kReady, life_, 0, false};
  const auto known = errands_.find(key);
  if (cast.stage == Stage::kReady) {
    if (full(cast)) answer.state = State::kFull;
  } else if (cast.life != life_) {
    answer.state = State::kUnknown;
  } else if (known != errands_.end()) {
    answer.state = State::kUnderWay;
    if (known->second.result) answer = *known->second.result;
  } else if (cast.stage == Stage::kTake) {
    answer = take(turn, key, from, std::move(cast));
  } else {
    answer.state = State::kUnknown;
  }
  turn.send(from, answer);
}

bool Envoy::full(const CastInto& cast) const {
  return tickets_.size() >= kMaxUnderWay || bytes_ + cast.body.size() > state_.config.cast_bytes;
}

CastState Envoy::take(Turn& turn, const Key& key, const Contact& from, CastInto cast) {
  if (full(cast)) {
    ++state_.stats.refused_questions;
    // Nor is it taken when it is sent once more.
    const CastState refused{cast.number, State::kFull, life_, 0, false};
    errands_.emplace(key, Errand{from, 0, refused});
    remember(key);
    return refused;
  }
  const Attempt ticket = state_.next_attempt();
  bytes_ += cast.body.size();
  errands_.emplace(key, Errand{from, cast.body.size()});
  tickets_.emplace(ticket, key);
  turn.emit(CastHere{ticket, std::move(cast.topic), std::move(cast.body), cast.wanted});
  return {cast.number, State::kUnderWay, life_, 0, false};
}

void Envoy::cast_done(Turn& turn, Attempt ticket, const multicast::CastDone& done) {
  const auto taken = tickets_.extract(ticket);
  const Key& key = taken.mapped();
  Errand& errand = errands_.at(key);
  bytes_ -= errand.bytes;
  errand.result = CastState{key.number, State::kDone, life_,
                            static_cast<std::uint32_t>(done.accepted.size()), done.complete};
  turn.send(errand.asker, *errand.result);
  remember(key);
}

void Envoy::remember(const Key& key) {
  done_.push_back(key);
  if (done_.size() <= kRemembered) return;
  errands_.erase(done_.front());
  done_.pop_front();
}

}  // namespace phyllo::regions
