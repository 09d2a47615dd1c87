#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "sim/ring/ring.h"

/// What must hold of a ring, judged from outside with all its members in view. Each check returns
/// what is wrong, one line each.
namespace phyllo::sim {

using Findings = std::vector<std::string>;

/// At any time, of every running node: itself is in neither side of its leaf set, both sides are in
/// order and without duplicates, no side is too long, no table slot is taken twice.
Findings check_structures(const Ring& ring);

/// With nothing going on: all of `members` are active; their leaf sets are exact on both sides, in
/// order, with everybody's present life and place; following right neighbours visits all of them
/// once; left and right neighbours agree.
Findings check_leaf_sets(const Ring& ring, const std::vector<StationId>& members);

/// With nothing going on: exactly one of `members` says it is the root of each key, it is the
/// closest one, and nobody else takes himself for the last hop.
Findings check_roots(const Ring& ring, const std::vector<StationId>& members,
                     const std::vector<overlay::Key>& keys);

/// Every entry of the members' tables is one of them, and of the slots for which there is a
/// candidate at least the part `fill` holds one.
Findings check_tables(const Ring& ring, const std::vector<StationId>& members, double fill);

/// The keys at which mistakes show: the members' own ids, the borders between neighbours on either
/// side (of some of them in a large ring), both ends of the number line, and some random ones.
std::vector<overlay::Key> telling_keys(Ring& ring, const std::vector<StationId>& members);

/// Sends `count` messages toward random keys from random ones of `members` and gives them
/// `patience` to arrive: each at its root, once, with no node seen twice and no step back.
Findings check_delivery(Ring& ring, const std::vector<StationId>& members, std::size_t count,
                        Duration patience = std::chrono::seconds(10));

/// Of a message that travelled in peace: each hop shared more digits with the key than the one
/// before, or as many and was closer, except for the last one.
Findings check_progress(const Ring& ring, const Routed& message);

/// Who of `members` is the root of `key`.
StationId root_among(const Ring& ring, const std::vector<StationId>& members, overlay::Key key);

/// Looks at a ring regularly while it runs: at the structures of its nodes, and whether any active
/// node takes itself for the root of a key that another active node is closer to.
class RingWatch {
 public:
  RingWatch(Ring& ring, Duration every);
  ~RingWatch();
  RingWatch(const RingWatch&) = delete;
  RingWatch& operator=(const RingWatch&) = delete;

  /// Broken structures; must stay empty whatever happens.
  const Findings& structures() const { return structures_; }
  /// False claims; must stay empty as long as nobody fails and the network holds.
  const Findings& claims() const { return claims_; }

 private:
  void look();
  void look_at_claims();
  void plan();

  Ring& ring_;
  Duration every_;
  Random random_;
  std::shared_ptr<bool> watching_ = std::make_shared<bool>(true);
  Findings structures_;
  Findings claims_;
};

}  // namespace phyllo::sim
