#pragma once

#include <deque>
#include <utility>

#include "overlay/effects.h"
#include "regions/borders_state.h"
#include "regions/registrar.h"
#include "regions/seats.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// What a region says to rendezvous that ask it: hands the question on to the roots of the topics,
/// and answers for those that this node is the root of. Says nothing of a topic while subscribers
/// of an earlier root may be on their way here; who asks will ask again.
class Respondent {
 public:
  Respondent(BordersState& state, const Registrar& registrar, Seats& seats)
      : state_(state), registrar_(registrar), seats_(seats) {}

  void on_roll_call(Turn& turn, const RollCall& call);
  void peer_lost(Time now, const overlay::PeerLost& lost);
  void leaf_set_changed(Time now);

 private:
  bool belongs(Turn& turn, const RollCall& call, const RollCall::Topic& topic);

  BordersState& state_;
  const Registrar& registrar_;
  Seats& seats_;
  bool began_ = false;
  Time sure_{};  ///< from then on what there is to say of the region's subscribers is known
  std::deque<overlay::Contact> lost_;  ///< of the region, lately: both rings say so
};

}  // namespace phyllo::regions
