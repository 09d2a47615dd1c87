#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "multicast/deadlines.h"
#include "regions/borders_state.h"
#include "regions/enquiries.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// Surveys of a topic in all regions that have to do with it: each region's tree, as its root
/// describes it, put together at the broker that was asked. What is not known in time is left out,
/// and said to be missing.
class Surveyor {
 public:
  Surveyor(BordersState& state, Seats& seats) : state_(state), enquiries_(state, seats) {}

  /// From a question to `Surveyed`, where a survey in one region takes as long as `survey`.
  static Duration longest(Duration survey, Duration retry) { return survey + 2 * retry; }

  /// `Surveyed` follows. The number is as well the ticket of the own region's survey.
  Attempt ask(Turn& turn, const TopicName& topic);
  /// The own region's tree.
  void surveyed(Turn& turn, Attempt number, multicast::SurveyDone done);
  void on_audience(Turn& turn, Audience audience);
  void on_page(Turn& turn, const overlay::Contact& from, TreePage page);
  void tick(Turn& turn);
  Time next() const { return std::min(enquiries_.next(), deadlines_.next()); }

 private:
  struct Part {
    std::optional<overlay::Contact> root;   ///< not of the own region before it is known
    std::optional<overlay::NodeId> source;  ///< who answered first; no other one is listened to
    std::map<std::uint32_t, std::vector<multicast::TreeNode>> pages = {};
    std::optional<std::uint32_t> last = {};
    bool ends = false;      ///< all of it is here
    bool complete = false;  ///< all nodes answered over there
    bool cut = false;       ///< there was no room for some of them
    std::vector<Way> ways = {};
    std::uint32_t asked = 0;
  };
  struct Round {
    TopicName topic;
    Time until;
    std::optional<multicast::SurveyDone> own = {};
    bool known = false;  ///< which regions there are
    bool whole = false;
    std::map<std::string, Part> parts = {};
    std::size_t lines = 0;  ///< nodes, and names of children
  };

  void ask_region(Turn& turn, Attempt number, Round& round, Part& part);
  void look_at(Turn& turn, Attempt number, Round& round);
  void finish(Turn& turn, Attempt number);

  BordersState& state_;
  Enquiries enquiries_;
  std::map<Attempt, Round> rounds_;
  multicast::Deadlines<Attempt> deadlines_;
};

}  // namespace phyllo::regions
