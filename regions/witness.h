#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "regions/borders_state.h"
#include "regions/seats.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// Tells brokers of other regions what a topic's tree looks like in this one.
class Witness {
 public:
  Witness(BordersState& state, Seats& seats) : state_(state), seats_(seats) {}

  /// `ways`: on which this broker sends to other regions what is published here.
  void on_look(Turn& turn, const overlay::Contact& from, const Look& look, std::vector<Way> ways);
  /// Whether the survey was for somebody elsewhere.
  bool asked(Attempt ticket) const { return looks_.contains(ticket); }
  TopicId topic(Attempt ticket) const { return looks_.at(ticket).topic; }
  void surveyed(Turn& turn, Attempt ticket, multicast::SurveyDone done, std::vector<Way> ways);

 private:
  struct Asked {
    overlay::Contact asker;
    Attempt number;
    TopicId topic;
  };

  BordersState& state_;
  Seats& seats_;
  std::map<Attempt, Asked> looks_;
  std::set<std::pair<overlay::NodeId, Attempt>> under_way_;
};

}  // namespace phyllo::regions
