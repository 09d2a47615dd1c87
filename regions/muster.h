#pragma once

#include <map>
#include <set>
#include <string>

#include "multicast/deadlines.h"
#include "regions/borders_state.h"
#include "regions/seats.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// A rendezvous that knows of a topic only what it was told since it began asks all regions what
/// their roots have to say, again and again until each has answered. Where it meets nobody of a
/// region it looks for somebody.
class Muster {
 public:
  Muster(BordersState& state, const Seats& seats) : state_(state), seats_(seats) {}

  /// Nothing is asked where nobody knows which regions there are.
  void begin(Time now, const TopicId& topic, const EnclosureRef& enclosure);
  /// True when that was the last answer.
  bool answered(const TopicId& topic, const std::string& region);
  void end(const TopicId& topic);
  void on_sought(Time now, const overlay::Contact& from, const Sought& sought);
  void tick(Turn& turn);
  Time next() const { return deadlines_.next(); }

 private:
  struct Asked {
    EnclosureRef enclosure;
    std::set<std::string> silent;  ///< no answer yet
  };
  void call(Turn& turn, const RollCall& call);

  BordersState& state_;
  const Seats& seats_;
  std::map<TopicId, Asked> asked_;
  multicast::Deadlines<TopicId> deadlines_;
  Time gathered_{};  ///< what begins until then is asked for together
  /// Of regions in which nobody was met: whom others named, and nobody before that.
  std::map<std::string, std::optional<overlay::Contact>> found_;
};

}  // namespace phyllo::regions
