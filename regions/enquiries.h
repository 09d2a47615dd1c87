#pragma once

#include <map>
#include <optional>

#include "multicast/deadlines.h"
#include "regions/borders_state.h"
#include "regions/seats.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// Asks rendezvous which regions have to do with a topic, again and again until they answer.
class Enquiries {
 public:
  Enquiries(BordersState& state, Seats& seats) : state_(state), seats_(seats) {}

  void ask(Turn& turn, Attempt number, const TopicName& topic);
  void give_up(Attempt number);
  /// Whether it answers a question from here, which is over then. One root of each region is left,
  /// of those that may have to do with the topic.
  bool take(Audience& audience);
  void tick(Turn& turn);
  Time next() const { return deadlines_.next(); }

 private:
  struct Open {
    TopicId topic;
    EnclosureRef enclosure;
    std::uint32_t failures = 0;
  };
  void send(Turn& turn, Attempt number, const Open& open);

  BordersState& state_;
  Seats& seats_;
  std::map<Attempt, Open> open_;
  multicast::Deadlines<Attempt> deadlines_;
};

}  // namespace phyllo::regions
