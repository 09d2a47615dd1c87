#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "multicast/deadlines.h"
#include "regions/borders_state.h"
#include "regions/seats.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// A rendezvous that knows of a topic only what it was told since it began asks all regions what
/// their roots have to say, again and again until each has answered. Where it meets nobody of a
/// region it looks for somebody. Where it knows all of the ring, and each of them says that nobody
/// of the region was there as long as what a rendezvous says counts, there is nobody to wait for.
class Muster {
 public:
  Muster(BordersState& state, const Seats& seats) : state_(state), seats_(seats) {}

  /// Nothing is asked where nobody knows which regions there are.
  void begin(Time now, const TopicId& topic, const EnclosureRef& enclosure);
  /// Somebody has told of the topic what there is to say in the region.
  void answered(const TopicId& topic, const std::string& region);
  void end(const TopicId& topic);
  void on_sought(Time now, const overlay::Contact& from, const Sought& sought);
  /// This node is in the ring of all brokers, and knows all of it.
  void joined(Time now) { joined_ = std::min(joined_, now); }
  /// It was out of it: what it would have noticed meanwhile it does not know.
  void returned() { joined_ = kNever; }
  /// The topics of which all is known since this was asked last.
  std::vector<TopicId> take_complete() { return std::exchange(complete_, {}); }
  void tick(Turn& turn);
  Time next() const { return deadlines_.next(); }

 private:
  struct Asked {
    EnclosureRef enclosure;
    std::set<std::string> silent;  ///< no answer yet
  };
  /// Where nobody of a region was met.
  struct Search {
    std::optional<overlay::Contact> named;  ///< whom others named, and nobody before that
    std::set<overlay::NodeId> in_vain;      ///< they know of nobody
  };
  void call(Turn& turn, const RollCall& call);
  /// Whether there is nobody in the region whom an earlier rendezvous can have told anything.
  bool deserted(Time now, const std::string& region);
  void give_up(const std::string& region);

  BordersState& state_;
  const Seats& seats_;
  std::map<TopicId, Asked> asked_;
  multicast::Deadlines<TopicId> deadlines_;
  Time gathered_{};  ///< what begins until then is asked for together
  std::map<std::string, Search> searches_;
  std::vector<TopicId> complete_;
  Time joined_ = kNever;
};

}  // namespace phyllo::regions
