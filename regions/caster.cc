#include "regions/caster.h"

#include <utility>
#include <vector>

namespace phyllo::regions {

using overlay::Contact;
using Stage = CastInto::Stage;
using State = CastState::State;

namespace {

/// After so many questions without an answer, `retry` apart, who has the cast counts as lost.
constexpr int kPatience = 3;

}  // namespace

Attempt Caster::start(Turn& turn, const TopicName& topic, Payload payload, std::uint32_t wanted) {
  const Attempt number = state_.next_attempt();
  bytes_ += payload.size();
  Round round{topic, payload, wanted};
  round.result.number = number;
  rounds_.emplace(number, std::move(round));
  turn.emit(CastHere{number, topic, std::move(payload), wanted});
  return number;
}

void Caster::cast_done(Turn& turn, Attempt number, const multicast::CastDone& done) {
  const auto found = rounds_.find(number);
  if (found == rounds_.end() || found->second.step != Step::kHere) return;
  Round& round = found->second;
  round.result.taken = static_cast<std::uint32_t>(done.accepted.size());
  round.result.complete = done.complete;
  if (!done.complete || round.result.taken >= round.wanted) return over(turn, number);
  if (bytes_ > state_.config.cast_bytes) {
    ++state_.stats.refused_questions;
    round.result.whole = false;
    return over(turn, number);
  }
  round.step = Step::kEnquiring;
  round.until = turn.now() + 2 * state_.config.retry;
  deadlines_.set(number, round.until);
  enquiries_.ask(turn, number, round.topic);
}

void Caster::on_audience(Turn& turn, Audience audience) {
  const Attempt number = audience.number;
  if (!enquiries_.take(audience)) return;
  const auto found = rounds_.find(number);
  if (found == rounds_.end()) return;
  Round& round = found->second;
  round.step = Step::kElsewhere;
  round.result.whole = audience.whole;
  for (Audience::Party& party : audience.parties) {
    if (!party.subscribes || party.root.region() == state_.self().region()) continue;
    say(turn, party.root, number, round, Stage::kReady);
    std::string region = party.root.region();
    round.unheard.emplace(std::move(region), std::move(party.root));
  }
  round.until = turn.now() + 2 * state_.config.retry;
  deadlines_.set(number, turn.now() + state_.config.retry);
  next(turn, number, round);
}

void Caster::say(Turn& turn, const Contact& to, Attempt number, const Round& round, Stage stage) {
  CastInto message{round.topic, number, round.wanted - round.result.taken, stage};
  if (stage != Stage::kReady) message.life = round.with->life;
  if (stage == Stage::kTake) message.body = round.payload;
  const std::size_t bytes = turn.send(to, message);
  if (stage == Stage::kTake) state_.traffic.add(to.region(), TopicId::of(round.topic), bytes);
}

void Caster::on_state(Turn& turn, const Contact& from, const CastState& said) {
  const auto found = rounds_.find(said.number);
  if (found == rounds_.end() || found->second.step != Step::kElsewhere) return;
  Round& round = found->second;
  if (round.with && round.with->broker.id() == from.id() && said.state != State::kReady) {
    progress(turn, round, said);
  } else if (round.unheard.contains(from.region())) {
    if (said.state != State::kReady && said.state != State::kFull) return;
    round.unheard.erase(from.region());
    if (said.state == State::kReady) {
      round.ready.push_back({from, said.life});
    } else {
      round.result.unreached.push_back(from.region());
    }
    if (!round.with) next(turn, found->first, round);
  }
}

void Caster::progress(Turn& turn, Round& round, const CastState& said) {
  const Attempt number = said.number;
  round.silences = 0;
  switch (said.state) {
    case State::kUnderWay:
      round.heard = true;
      return;
    case State::kFull:
      round.result.unreached.push_back(round.with->broker.region());
      break;
    case State::kDone:
      round.result.taken += std::min(said.taken, round.wanted - round.result.taken);
      round.result.complete = said.complete;
      break;
    default:
      round.result.complete = false;
      break;
  }
  round.with.reset();
  if (!round.result.complete) return over(turn, number);
  next(turn, number, round);
}

/// To the region that is nearest of those left.
void Caster::next(Turn& turn, Attempt number, Round& round) {
  const bool enough = round.result.taken >= round.wanted;
  if (enough || (round.ready.empty() && round.unheard.empty())) return over(turn, number);
  if (round.ready.empty()) return;
  round.with = std::move(round.ready.front());
  round.ready.pop_front();
  round.heard = false;
  round.silences = 0;
  deadlines_.set(number, turn.now() + state_.config.retry);
  say(turn, round.with->broker, number, round, Stage::kTake);
}

void Caster::tick(Turn& turn) {
  enquiries_.tick(turn);
  for (const Attempt number : deadlines_.take_due(turn.now())) {
    Round& round = rounds_.at(number);
    if (round.step == Step::kEnquiring) {
      round.result.whole = false;
      over(turn, number);
      continue;
    }
    deadlines_.set(number, turn.now() + state_.config.retry);
    if (!round.unheard.empty()) probe_again(turn, number, round);
    if (round.with) {
      ask_again(turn, number, round);
    } else {
      next(turn, number, round);
    }
  }
}

/// The root, and somebody else there: it may be gone.
void Caster::probe_again(Turn& turn, Attempt number, Round& round) {
  for (const auto& [region, root] : round.unheard) {
    if (turn.now() >= round.until) {
      round.result.unreached.push_back(region);
      continue;
    }
    say(turn, root, number, round, Stage::kReady);
    std::vector<Contact> met = state_.ring.met(region);
    std::erase_if(met, [&](const Contact& one) { return one.id() == root.id(); });
    if (met.empty()) continue;
    say(turn, met[state_.random.below(met.size())], number, round, Stage::kReady);
  }
  if (turn.now() >= round.until) round.unheard.clear();
}

void Caster::ask_again(Turn& turn, Attempt number, Round& round) {
  if (++round.silences >= kPatience) {
    round.result.complete = false;
    return over(turn, number);
  }
  say(turn, round.with->broker, number, round, round.heard ? Stage::kHow : Stage::kTake);
}

void Caster::over(Turn& turn, Attempt number) {
  auto taken = rounds_.extract(number);
  enquiries_.give_up(number);
  deadlines_.cancel(number);
  Round& round = taken.mapped();
  bytes_ -= round.payload.size();
  for (const auto& [region, root] : round.unheard) {
    // Who was not waited for any more is nothing to be told of.
    if (round.result.taken < round.wanted) round.result.unreached.push_back(region);
  }
  for (const Ready& ready : round.ready) {
    if (round.result.taken < round.wanted) round.result.unreached.push_back(ready.broker.region());
  }
  std::ranges::sort(round.result.unreached);
  turn.emit(std::move(round.result));
}

}  // namespace phyllo::regions
