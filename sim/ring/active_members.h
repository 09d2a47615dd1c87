#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/random.h"
#include "overlay/id.h"
#include "sim/network/station.h"

namespace phyllo::sim {

/// Which members of a ring are active, by their own word: to draw one, and to know who is the root
/// of a key, without asking everybody.
class ActiveMembers {
 public:
  void add(StationId member, overlay::NodeId id);
  void remove(StationId member);
  bool empty() const { return members_.empty(); }
  std::size_t size() const { return members_.size(); }
  /// Any one of them; there must be one.
  StationId pick(Random& random) const { return members_[random.below(members_.size())].station; }
  /// The id of the one that is closest to `key`.
  std::optional<overlay::NodeId> root_of(overlay::Key key) const;

 private:
  struct Member {
    StationId station;
    overlay::NodeId id;
  };

  std::vector<Member> members_;
  std::unordered_map<StationId, std::size_t> places_;  // in `members_`
  std::set<std::pair<overlay::NodeId, StationId>> by_id_;
};

}  // namespace phyllo::sim
