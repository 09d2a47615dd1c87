#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/network/station.h"

namespace phyllo::sim {

/// A connection that one process made to another.
struct Link {
  StationId peer;
  std::uint32_t peer_life;
  std::uint64_t number;  // another one after a break
  Time last_arrival;
};

/// The connections of one process. Small, for there are many of them in a large run.
class Links {
 public:
  /// nullptr when there is none to this peer.
  Link* find(StationId peer) {
    const auto it = place_of(peer);
    return it != links_.end() && it->peer == peer ? &*it : nullptr;
  }
  /// There is none to its peer yet. Valid until the next call that changes them.
  Link& add(const Link& link) {
    if (links_.size() == links_.capacity()) make_room(link.last_arrival);
    return *links_.insert(place_of(link.peer), link);
  }
  /// False when there was none.
  bool erase(StationId peer) {
    const auto it = place_of(peer);
    if (it == links_.end() || it->peer != peer) return false;
    links_.erase(it);
    return true;
  }
  void clear() { links_ = {}; }

 private:
  /// Who has that many connections closes those that were idle for so long before taking more.
  static constexpr std::size_t kMany = 64;
  static constexpr Duration kIdle = std::chrono::minutes(2);

  std::vector<Link>::iterator place_of(StationId peer) {
    return std::lower_bound(links_.begin(), links_.end(), peer,
                            [](const Link& link, StationId id) { return link.peer < id; });
  }
  void make_room(Time now) {
    if (links_.size() >= kMany) {
      std::erase_if(links_, [&](const Link& link) { return link.last_arrival + kIdle < now; });
    }
    if (links_.size() * 8 < links_.capacity() * 7) return;
    links_.reserve(links_.size() + links_.size() / 4 + 8);
  }

  std::vector<Link> links_;  // by peer
};

}  // namespace phyllo::sim
