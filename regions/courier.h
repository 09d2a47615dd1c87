#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "multicast/deadlines.h"
#include "regions/borders_state.h"
#include "regions/enclosure.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// What goes from broker to broker to the rendezvous of a fenced topic: each says to the one before
/// that it has it now. Without that word it is sent again, maybe by another way, and so it is where
/// nobody is known who could take it. What is newer of the same root, or roll, takes its place.
class Courier {
 public:
  explicit Courier(BordersState& state) : state_(state) {}

  struct Parcel {
    TopicId topic;
    EnclosureRef enclosure;
    std::variant<Register, Book> what;
    std::uint32_t failures = 0;  ///< of its sender, then of this courier as well
    std::uint32_t tries = 0;
    Time sent{};
  };
  /// To nobody: waits for another try.
  void send(Turn& turn, Parcel parcel, const std::optional<overlay::Contact>& to);
  void taken(const HopTaken& taken);
  /// What has to be sent again, by the time that has passed.
  std::vector<Parcel> take_due(Time now);
  Time next() const { return deadlines_.next(); }

  /// At the other end: answers, and whether it has not come before.
  bool accept(Turn& turn, const overlay::Contact& from, std::uint64_t hop);

 private:
  using Key = std::pair<TopicId, overlay::NodeId>;
  static Key key_of(const Parcel& parcel);

  BordersState& state_;
  std::map<Key, std::pair<std::uint64_t, Parcel>> parcels_;  ///< with the number of the hop
  std::map<std::uint64_t, Key> hops_;
  multicast::Deadlines<std::uint64_t> deadlines_;
  using Seen = std::pair<overlay::NodeId, std::uint64_t>;
  std::set<Seen> seen_;
  std::deque<Seen> seen_order_;
};

}  // namespace phyllo::regions
