#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "regions/atlas.h"
#include "regions/borders_state.h"
#include "regions/courier.h"
#include "regions/fence.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// Where the rendezvous of topics are, and how one gets there. That of a free topic is the node
/// closest to its key in the ring of all brokers. That of a fenced one is the regional root in the
/// first of the topic's regions that is there; the way to it goes from broker to broker, each of
/// them inside, the last ones in its region and each closer to the key.
class Seats {
 public:
  Seats(BordersState& state, const Fence& fence, Atlas& atlas)
      : state_(state), fence_(fence), atlas_(atlas), courier_(state) {}

  /// What fences the topic of this name in, by the rules of this broker; null for a free one.
  EnclosureRef enclosure(Turn& turn, const TopicName& topic);
  /// Whether the rules let a topic of another broker's be here, and a root of it be in `region`.
  /// When they do not that is counted.
  bool admits(const EnclosureRef& enclosure, const std::string& region);
  /// Whether the rules leave free what somebody else holds to be a free topic of this name; nobody
  /// knows that of one without a name. When they do not that is counted.
  bool frees(const std::optional<TopicName>& name);

  bool here(const TopicId& topic, const EnclosureRef& enclosure) const;
  /// To the rendezvous, or nearer to it. After failures by another way. Of a fenced topic it is
  /// said again until a broker on the way has it, or it has been said for too long.
  void say(Turn& turn, const TopicId& topic, const EnclosureRef& enclosure, const Register& word,
           std::uint32_t failures = 0);
  void say(Turn& turn, const TopicId& topic, const EnclosureRef& enclosure, const Book& book);
  /// Who asks this asks again: once, and nowhere when nobody is there.
  void say(Turn& turn, const TopicId& topic, const EnclosureRef& enclosure, const Enquire& enquire,
           std::uint32_t failures = 0) const;
  /// Answers what came with the number of a hop; whether it is new.
  bool accept(Turn& turn, const overlay::Contact& from, std::uint64_t hop) {
    return courier_.accept(turn, from, hop);
  }
  void taken(const HopTaken& taken) { courier_.taken(taken); }
  void tick(Turn& turn);
  Time next_tick() const { return courier_.next(); }

  /// Who will be the rendezvous when this node, which is it, has left.
  std::optional<overlay::Contact> successor(const TopicId& topic,
                                            const EnclosureRef& enclosure) const;
  /// The regions whose roots may rely on what an earlier rendezvous said and can be asked; empty
  /// where nobody knows which these are.
  std::set<std::string> electorate(Time now, const EnclosureRef& enclosure) const;
  /// Some broker of the region; this one of its own.
  std::optional<overlay::Contact> anybody(const std::string& region) const;
  /// The root of a topic in this region, or who is nearer to it.
  std::optional<overlay::Contact> at_home(const TopicId& topic) const;
  /// Until when others may rely on what an earlier rendezvous of a region that is absent said.
  Time stands_in_until(Time now, const Enclosure& enclosure) const;

 private:
  void carry(Turn& turn, Courier::Parcel parcel);
  std::optional<overlay::Contact> next(const TopicId& topic, const Enclosure& enclosure,
                                       std::uint32_t failures) const;
  std::optional<overlay::Contact> abroad(const TopicId& topic, const std::string& region,
                                         std::uint32_t failures) const;

  BordersState& state_;
  const Fence& fence_;
  Atlas& atlas_;
  Courier courier_;
};

}  // namespace phyllo::regions
