#include "overlay/routing.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>
#include <set>

#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

using Kind = Route::Kind;

Standing all_good(NodeId) { return Standing::kGood; }

/// What a node of a ring at rest knows: its leaves, and whoever fits into its table.
struct Knowledge {
  Knowledge(NodeId owner, std::size_t leaf_set_size, const std::set<NodeId>& ring)
      : leaves(owner, leaf_set_size), rumored(owner, 2 * leaf_set_size), table(owner) {
    std::vector<NodeId> clockwise_order(ring.begin(), ring.end());
    std::erase(clockwise_order, owner);
    std::sort(clockwise_order.begin(), clockwise_order.end(),
              [&](NodeId a, NodeId b) { return clockwise(owner, a) < clockwise(owner, b); });
    const std::size_t half = leaf_set_size / 2;
    for (std::size_t i = 0; i < std::min(2 * half, clockwise_order.size()); ++i) {
      for (const NodeId id :
           {clockwise_order[i], clockwise_order[clockwise_order.size() - 1 - i]}) {
        if (i < half) leaves.insert(contact_of(id));
        if (i < half || *rc::gen::inRange(0, 5) > 0) rumored.insert(contact_of(id));
      }
    }
    for (const NodeId id : clockwise_order) {
      if (*rc::gen::inRange(0, 3) > 0) table.put(contact_of(id));  // tables have holes
    }
  }
  LeafSet leaves;
  LeafSet rumored;  // not everybody heard of everybody
  RoutingTable table;
};

std::set<NodeId> any_ring() {
  std::set<NodeId> ring{any_id()};
  for (int i = *rc::gen::inRange(0, 60); i > 0; --i) {
    const bool crowded = *rc::gen::inRange(0, 3) == 0;
    ring.insert(crowded ? any_id() : NodeId(Uint128{*rc::gen::arbitrary<std::uint64_t>()} << 64));
  }
  return ring;
}

RC_GTEST_PROP(Routing, reaches_the_root_and_makes_progress_at_each_hop, ()) {
  const std::set<NodeId> ring = any_ring();
  const Key key = *rc::gen::inRange(0, 3) == 0 ? Key::at(*ring.begin()) : any_key();
  NodeId root = *ring.begin();
  for (const NodeId id : ring) root = closer(key, id, root) ? id : root;

  NodeId here = *std::next(ring.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, ring.size()));
  for (int hops = 0;; ++hops) {
    RC_ASSERT(hops <= kDigits + 1);
    const Knowledge known(here, 8, ring);
    const Route next = route(key, known.leaves, known.rumored, known.table, all_good);
    if (next.kind == Kind::kHere) break;
    RC_ASSERT(next.kind != Kind::kStuck);
    const NodeId there = next.next->id();
    if (next.kind == Kind::kLastHop) {
      RC_ASSERT(there == root);
    } else {
      const int before = shared_digits(here, key);
      const int after = shared_digits(there, key);
      RC_ASSERT(after > before || (after == before && closer(key, there, here)));
    }
    here = there;
  }
  RC_ASSERT(here == root);
}

RC_GTEST_PROP(Routing, never_chooses_the_excluded_joiner, ()) {
  const std::set<NodeId> ring = any_ring();
  const NodeId here = *ring.begin();
  const NodeId joiner = *std::next(ring.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, ring.size()));
  const Knowledge known(here, 4, ring);
  const Route next =
      route(Key::at(joiner), known.leaves, known.rumored, known.table,
            [&](NodeId id) { return id == joiner ? Standing::kExcluded : Standing::kGood; });
  RC_ASSERT(!next.next || next.next->id() != joiner);
}

/// The rule for keys out of reach of the leaf set, as the paper and the standings have it.
std::optional<NodeId> by_the_rule(Key key, const Knowledge& known, const StandingOf& standing) {
  const NodeId self = known.leaves.owner();
  const Contact* entry = known.table.next_for(key);
  if (entry && standing(entry->id()) == Standing::kGood) return entry->id();
  std::vector<Contact> all = known.table.entries();
  for (const Contact& leaf : known.leaves.members()) all.push_back(leaf);
  std::optional<NodeId> best;
  for (const Contact& contact : all) {
    const NodeId id = contact.id();
    const int shared = shared_digits(id, key);
    if (standing(id) == Standing::kExcluded || !closer(key, id, self)) continue;
    if (shared < shared_digits(self, key)) continue;
    const int best_shared = best ? shared_digits(*best, key) : 0;
    const bool better =
        !best || standing(id) < standing(*best) ||
        (standing(id) == standing(*best) &&
         (shared > best_shared || (shared == best_shared && closer(key, id, *best))));
    if (better) best = id;
  }
  const bool usable = entry && standing(entry->id()) != Standing::kExcluded;
  if (usable && (!best || standing(entry->id()) <= standing(*best))) return entry->id();
  return best;
}

RC_GTEST_PROP(Routing, takes_the_best_of_all_it_knows_where_the_leaf_set_does_not_reach, ()) {
  const std::set<NodeId> ring = any_ring();
  const Knowledge known(*ring.begin(), 4, ring);
  const auto salt = *rc::gen::arbitrary<std::uint64_t>();
  const auto mood = [&](NodeId id) {
    return static_cast<Standing>((static_cast<std::uint64_t>(id.value() >> 64) ^ salt) % 4);
  };
  const auto random = *rc::gen::inRange<std::ptrdiff_t>(0, ring.size());
  const Key key =
      *rc::gen::arbitrary<bool>() ? any_key() : Key::at(*std::next(ring.begin(), random));
  if (known.leaves.covers(key)) return;
  const LeafSet nobody(known.leaves.owner(), 8);
  const Route next = route(key, known.leaves, nobody, known.table, mood);
  const auto expected = by_the_rule(key, known, mood);
  RC_ASSERT(next.kind == (expected ? Kind::kHop : Kind::kStuck));
  if (expected) RC_ASSERT(next.next->id() == *expected);
}

/// A node at 80, its leaves 70 … 90, others said to stand at 60 … a0, and far entries.
struct Fixed {
  LeafSet leaves{at(0x80), 4};
  LeafSet rumored{at(0x80), 8};
  RoutingTable table{at(0x80)};
  Fixed() {
    for (const std::uint8_t byte : {0x88, 0x90, 0x78, 0x70}) leaves.insert(contact_at(byte));
    for (const Contact& leaf : leaves.members()) rumored.insert(leaf);
    for (const std::uint8_t byte : {0x98, 0xa0, 0x68, 0x60}) rumored.insert(contact_at(byte));
    for (const std::uint8_t byte : {0x10, 0x2a, 0xe0}) table.put(contact_at(byte));
  }
  Route decide(std::uint8_t key, const StandingOf& standing = all_good) const {
    return route(Key::at(at(key)), leaves, rumored, table, standing);
  }
};

TEST(Routing, takes_the_leaf_set_where_it_covers_the_key_and_the_table_elsewhere) {
  const Fixed fixed;
  EXPECT_EQ(fixed.decide(0x81).kind, Kind::kHere);
  EXPECT_EQ(fixed.decide(0x87).kind, Kind::kLastHop);
  EXPECT_EQ(fixed.decide(0x87).next->id(), at(0x88));
  EXPECT_EQ(fixed.decide(0x11).kind, Kind::kHop);
  EXPECT_EQ(fixed.decide(0x11).next->id(), at(0x10));
}

TEST(Routing, of_a_key_exactly_between_two_nodes_agrees_on_both_sides) {
  const Fixed fixed;
  EXPECT_EQ(fixed.decide(0x84).kind, Kind::kHere);     // between 80 and 88
  EXPECT_EQ(fixed.decide(0x7c).next->id(), at(0x78));  // between 78 and 80
  EXPECT_EQ(fixed.decide(0x88).next->id(), at(0x88));  // equal to an id
}

TEST(Routing, leaps_to_the_root_that_others_told_of) {
  const Fixed fixed;
  EXPECT_EQ(fixed.decide(0x9a).kind, Kind::kLeap);
  EXPECT_EQ(fixed.decide(0x9a).next->id(), at(0x98));
  EXPECT_EQ(fixed.decide(0x92).next->id(), at(0x90));  // a leaf, but others might have been closer
  EXPECT_EQ(fixed.decide(0xa8).kind, Kind::kHop);
}

TEST(Routing, leaps_only_to_a_good_root) {
  const Fixed fixed;
  const auto suspect = [](NodeId id) {
    return id == at(0x98) ? Standing::kSuspected : Standing::kGood;
  };
  EXPECT_EQ(fixed.decide(0x9a, suspect).kind, Kind::kHop);
  EXPECT_EQ(fixed.decide(0x9a, suspect).next->id(), at(0x90));
}

TEST(Routing, does_not_leap_while_it_has_heard_of_few) {
  Fixed fixed;
  fixed.rumored = LeafSet(at(0x80), 32);
  fixed.rumored.insert(contact_at(0x98));
  EXPECT_EQ(fixed.decide(0x9a).kind, Kind::kHop);
}

TEST(Routing, without_an_entry_takes_the_best_node_that_is_closer) {
  const Fixed fixed;
  EXPECT_EQ(fixed.decide(0xc0).next->id(), at(0xe0));  // no entry for c; e0 is nearer than 90
  EXPECT_EQ(fixed.decide(0xa8).next->id(), at(0x90));
}

TEST(Routing, prefers_others_to_a_suspected_node_but_takes_it_when_all_are_suspected) {
  const Fixed fixed;
  const auto suspect_entry = [](NodeId id) {
    return id == at(0x2a) ? Standing::kSuspected : Standing::kGood;
  };
  EXPECT_EQ(fixed.decide(0x2c).next->id(), at(0x2a));
  EXPECT_EQ(fixed.decide(0x2c, suspect_entry).next->id(), at(0x10));
  const auto suspect_all = [](NodeId) { return Standing::kSuspected; };
  EXPECT_EQ(fixed.decide(0x2c, suspect_all).next->id(), at(0x2a));
}

TEST(Routing, sends_to_a_hop_already_tried_rather_than_nowhere) {
  const Fixed fixed;
  const auto tried_all = [](NodeId) { return Standing::kTried; };
  EXPECT_EQ(fixed.decide(0x2c, tried_all).kind, Kind::kHop);
}

TEST(Routing, never_passes_over_the_root_because_it_is_suspected) {
  const Fixed fixed;
  const auto bad = [](NodeId) { return Standing::kTried; };
  EXPECT_EQ(fixed.decide(0x87, bad).kind, Kind::kLastHop);
  EXPECT_EQ(fixed.decide(0x87, bad).next->id(), at(0x88));
}

TEST(Routing, waits_where_the_leaf_set_has_a_hole) {
  LeafSet leaves(at(0x80), 2);
  const LeafSet rumored(at(0x80), 4);
  RoutingTable table(at(0x80));
  leaves.insert(contact_at(0x90));
  leaves.insert(contact_at(0x70));
  leaves.remove(at(0x90));
  EXPECT_EQ(route(Key::at(at(0x84)), leaves, rumored, table, all_good).kind, Kind::kStuck);
  EXPECT_EQ(route(Key::at(at(0x7f)), leaves, rumored, table, all_good).kind, Kind::kHere);
}

}  // namespace
}  // namespace phyllo::overlay
