#include "sim/ring/ring_oracle.h"

#include <algorithm>

namespace phyllo::sim {

using overlay::Key;

Members members_of(const Ring& ring, const std::vector<StationId>& members) {
  Members found;
  for (const StationId member : members) found.push_back({member, &ring.node(member)});
  return found;
}

Findings check_structures(const Ring& ring) {
  return check_structures(members_of(ring, ring.running()), ring.config().leaf_set_size);
}

Findings check_leaf_sets(const Ring& ring, const std::vector<StationId>& members) {
  return check_leaf_sets(members_of(ring, members), ring.config().leaf_set_size);
}

Findings check_roots(const Ring& ring, const std::vector<StationId>& members,
                     const std::vector<Key>& keys) {
  return check_roots(members_of(ring, members), keys);
}

Findings check_tables(const Ring& ring, const std::vector<StationId>& members, double fill) {
  return check_tables(members_of(ring, members), fill);
}

std::vector<Key> telling_keys(Ring& ring, const std::vector<StationId>& members) {
  return telling_keys(members_of(ring, members), ring.random());
}

StationId root_among(const Ring& ring, const std::vector<StationId>& members, Key key) {
  return *std::min_element(members.begin(), members.end(), [&](StationId a, StationId b) {
    return ring.id(a) != ring.id(b) && closer(key, ring.id(a), ring.id(b));
  });
}

RingWatch::RingWatch(Ring& ring, Duration every)
    : OverlayWatch(
          ring.queue(), [&ring] { return members_of(ring, ring.running()); },
          ring.config().leaf_set_size, every, ring.random().next()) {}

}  // namespace phyllo::sim
