#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "multicast/deadlines.h"
#include "multicast/forest_state.h"
#include "multicast/messages.h"
#include "multicast/turn.h"

namespace phyllo::multicast {

/// Surveys of whole trees: the question goes down from the root, each node answers the asker.
class SurveyDesk {
 public:
  explicit SurveyDesk(ForestState& state) : state_(state) {}

  std::uint64_t ask(Turn& turn, const TopicName& topic);
  /// At the root: answers, and asks the children.
  void on_routed(Turn& turn, const Survey& survey);
  void on_survey(Turn& turn, const overlay::Contact& from, const Survey& survey);
  void on_reply(Turn& turn, const overlay::Contact& from, const SurveyReply& reply);
  void tick(Turn& turn);
  Time next() const { return deadlines_.next(); }

 private:
  struct Asked {
    std::map<overlay::NodeId, TreeNode> nodes;
    std::set<overlay::NodeId> named;  ///< as somebody's child
    bool root_seen = false;
  };
  void reply(Turn& turn, const Survey& survey, const Tree* tree);
  void finish(Turn& turn, std::uint64_t survey);

  ForestState& state_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, Asked> asked_;
  Deadlines<std::uint64_t> deadlines_;
};

}  // namespace phyllo::multicast
