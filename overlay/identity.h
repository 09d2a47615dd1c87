#pragma once

#include <optional>

#include "overlay/view.h"

namespace phyllo::overlay {

/// Settles who may bear an id. A later life of the same node wins everywhere; of two nodes with one
/// id the one that is not active resigns, or else the one with the lower incarnation, or else the
/// one with the lexically smaller endpoint. Nobody resigns on hearsay: only the holder itself is
/// believed.
class Identity {
 public:
  explicit Identity(View& view) : view_(view) {}

  enum class Verdict { kStale, kCurrent, kLater, kRival };
  /// What a message from `from` is, by what is known of that id.
  Verdict judge(const Contact& from) const;
  /// A message came from a life that is over, or from one of two rivals: the loser is told.
  void tell_loser(Turn& turn, const Contact& from);

  /// Somebody with this node's id and another place spoke to it, or was reported.
  void meet_rival(Turn& turn, const Contact& rival);
  /// True when this node has a new life now and must make it known.
  bool superseded(Turn& turn, const Contact& from, const Superseded& message);

  /// True when a challenged holder did not answer and this node took a later life than it. It
  /// keeps its life when it is active and nobody names the other one any longer.
  bool tick(Turn& turn);
  Time next_tick() const { return challenge_ ? challenge_->deadline : kNever; }

 private:
  struct Challenge {
    Contact holder;
    int tries;
    Time deadline;
    Time named;  ///< somebody last said that this one holds the id
  };

  void challenge(Turn& turn, const Contact& holder);
  void ask(Turn& turn);
  void settle_with(Turn& turn, const Superseded& rival);
  bool take_life_after(Incarnation last);

  View& view_;
  std::optional<Challenge> challenge_;
};

}  // namespace phyllo::overlay
