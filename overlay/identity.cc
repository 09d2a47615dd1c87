#include "overlay/identity.h"

#include <tuple>

namespace phyllo::overlay {
namespace {

/// Whether `a` rather than `b` keeps their common id, other things being equal.
bool outranks(const Contact& a, const Contact& b) {
  const auto rank = [](const Contact& c) {
    return std::tie(c.place().local.text(), c.place().wan.text());
  };
  if (a.incarnation() != b.incarnation()) return a.incarnation() > b.incarnation();
  return rank(a) > rank(b);
}

}  // namespace

Identity::Verdict Identity::judge(const Contact& from) const {
  const Contact* known = view_.last_known(from.id());
  if (!known) return Verdict::kCurrent;
  if (from.incarnation() < known->incarnation()) return Verdict::kStale;
  if (from.incarnation() > known->incarnation()) return Verdict::kLater;
  if (from.place() == known->place()) return Verdict::kCurrent;
  // Somebody who is gone has no say in who bears the id.
  return view_.living(from.id()) ? Verdict::kRival : Verdict::kCurrent;
}

void Identity::tell_loser(Turn& turn, const Contact& from) {
  const Contact known = *view_.last_known(from.id());
  const bool newcomer_loses = outranks(known, from);
  const Contact& winner = newcomer_loses ? known : from;
  const Contact& loser = newcomer_loses ? from : known;
  const Peer* peer = view_.peers.find(winner.id());
  turn.out.push_back(Send{loser, Superseded{winner, peer && peer->active}});
}

void Identity::meet_rival(Turn& turn, const Contact& rival) {
  if (rival.place() == view_.self.place()) return;
  challenge(turn, rival);
}

bool Identity::superseded(Turn& turn, const Contact& from, const Superseded& message) {
  const Contact& holder = message.holder;
  if (holder.id() != view_.self.id()) return false;
  if (holder.place() == view_.self.place()) {
    return holder.incarnation() > view_.self.incarnation() && take_life_after(holder.incarnation());
  }
  if (from.id() == view_.self.id()) {
    settle_with(turn, message);
  } else {
    challenge(turn, holder);
  }
  return false;
}

void Identity::challenge(Turn& turn, const Contact& holder) {
  if (challenge_ && challenge_->holder == holder) {
    challenge_->named = turn.now;
    return;
  }
  challenge_ = Challenge{holder, 0, turn.now, turn.now};
  ask(turn);
}

void Identity::ask(Turn& turn) {
  ++challenge_->tries;
  challenge_->deadline = turn.now + view_.config.timers.probe_timeout;
  turn.out.push_back(Send{challenge_->holder, Superseded{view_.self, view_.active()}});
}

void Identity::settle_with(Turn& turn, const Superseded& rival) {
  challenge_.reset();
  const bool mine =
      view_.active() != rival.active ? view_.active() : outranks(view_.self, rival.holder);
  if (mine) {
    turn.out.push_back(Send{rival.holder, Superseded{view_.self, view_.active()}});
    return;
  }
  view_.enter(
      turn, StateChanged::State::kResigned,
      "node id " + view_.self.id().hex() + " is taken by " + rival.holder.place().local.text());
}

bool Identity::take_life_after(Incarnation last) {
  if (last >= kMaxIncarnation) return false;
  view_.self = view_.self.reborn(last + 1);
  return true;
}

bool Identity::tick(Turn& turn) {
  if (!challenge_ || challenge_->deadline > turn.now) return false;
  if (challenge_->tries < view_.config.timers.probe_attempts) {
    ask(turn);
    return false;
  }
  const Incarnation last = challenge_->holder.incarnation();
  const bool disputed = challenge_->named + view_.config.timers.probe_timeout > turn.now;
  challenge_.reset();
  if (view_.active() && !disputed) return false;
  return last >= view_.self.incarnation() && take_life_after(last);
}

}  // namespace phyllo::overlay
