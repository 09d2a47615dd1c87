#include "overlay/leaf_set.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

using Side = LeafSet::Side;

std::vector<NodeId> ids(const std::vector<Contact>& contacts) {
  std::vector<NodeId> result;
  for (const Contact& contact : contacts) result.push_back(contact.id());
  return result;
}

/// What a leaf set must hold when all of `others` are known.
std::vector<NodeId> nearest(Side side, NodeId owner, const std::set<NodeId>& others,
                            std::size_t count) {
  std::vector<NodeId> sorted(others.begin(), others.end());
  std::sort(sorted.begin(), sorted.end(), [&](NodeId a, NodeId b) {
    return side == Side::kRight ? clockwise(owner, a) < clockwise(owner, b)
                                : clockwise(a, owner) < clockwise(b, owner);
  });
  if (sorted.size() > count) sorted.resize(count);
  return sorted;
}

NodeId root_of(Key key, NodeId owner, const std::set<NodeId>& others) {
  NodeId best = owner;
  for (const NodeId id : others) best = closer(key, id, best) ? id : best;
  return best;
}

LeafSet filled(NodeId owner, std::size_t size, std::initializer_list<int> first_bytes) {
  LeafSet leaves(owner, size);
  for (const int byte : first_bytes) leaves.insert(contact_at(static_cast<std::uint8_t>(byte)));
  return leaves;
}

RC_GTEST_PROP(LeafSet, holds_the_nearest_on_each_side_whatever_the_order_of_arrival, ()) {
  const NodeId owner = any_id();
  const std::size_t half = *rc::gen::inRange<std::size_t>(1, 5);
  LeafSet leaves(owner, 2 * half);
  std::set<NodeId> known;
  for (int i = *rc::gen::inRange(0, 30); i > 0; --i) {
    const NodeId id = any_id();
    const bool wanted = leaves.wants(id);
    RC_ASSERT(leaves.insert(contact_of(id)) == wanted);
    if (id != owner) known.insert(id);
  }
  if (known.size() < 2 * half) {
    RC_ASSERT(ids(leaves.right()) == nearest(Side::kRight, owner, known, half));
    RC_ASSERT(ids(leaves.left()) == nearest(Side::kLeft, owner, known, half));
    RC_ASSERT(leaves.whole_ring());
    RC_ASSERT(leaves.size() == known.size());
  }
  RC_ASSERT(leaves.complete());
  RC_ASSERT(!leaves.find(owner));
}

/// In a ring at rest a joiner hears of its neighbours first; then the leaf set is exact in rings of
/// any size.
RC_GTEST_PROP(LeafSet, is_exact_once_the_neighbours_on_both_sides_were_heard_of, ()) {
  const NodeId owner = any_id();
  const std::size_t half = *rc::gen::inRange<std::size_t>(1, 5);
  std::set<NodeId> ring;
  for (int i = *rc::gen::inRange(0, 40); i > 0; --i) ring.insert(any_id());
  ring.erase(owner);
  const auto right = nearest(Side::kRight, owner, ring, half);
  const auto left = nearest(Side::kLeft, owner, ring, half);
  LeafSet leaves(owner, 2 * half);
  for (const NodeId id : ring) leaves.insert(contact_of(id));
  for (const auto& side : {right, left}) {
    for (const NodeId id : side) leaves.insert(contact_of(id));
  }
  RC_ASSERT(ids(leaves.right()) == right);
  RC_ASSERT(ids(leaves.left()) == left);
  const Key key = any_key();
  if (leaves.covers(key)) {
    const std::set<NodeId> members = [&] {
      std::set<NodeId> all;
      for (const Contact& member : leaves.members()) all.insert(member.id());
      return all;
    }();
    RC_ASSERT(root_of(key, owner, members) == root_of(key, owner, ring));
  }
}

RC_GTEST_PROP(LeafSet, of_a_small_ring_stays_exact_through_any_arrivals_and_departures, ()) {
  const NodeId owner(Uint128{77} << 100);
  const std::size_t half = *rc::gen::inRange<std::size_t>(2, 5);
  LeafSet leaves(owner, 2 * half);
  std::set<NodeId> known;
  for (int i = 0; i < 40; ++i) {
    if (known.size() + 1 < 2 * half && *rc::gen::inRange(0, 3) > 0) {
      const NodeId id = any_id();
      known.insert(id);
      leaves.insert(contact_of(id));
    } else if (!known.empty()) {
      auto victim = known.begin();
      std::advance(victim, *rc::gen::inRange<std::size_t>(0, known.size()));
      RC_ASSERT(leaves.remove(*victim));
      RC_ASSERT(!leaves.remove(*victim));
      known.erase(victim);
    }
    if (known.empty()) leaves.mend();
    RC_ASSERT(ids(leaves.right()) == nearest(Side::kRight, owner, known, half));
    RC_ASSERT(ids(leaves.left()) == nearest(Side::kLeft, owner, known, half));
    RC_ASSERT(leaves.covers(any_key()));
  }
}

TEST(LeafSet, of_a_lone_node_covers_every_key) {
  const LeafSet leaves(at(0x80), 4);
  EXPECT_TRUE(leaves.covers(Key(0)));
  EXPECT_TRUE(leaves.covers(Key(~Uint128{0})));
  EXPECT_TRUE(leaves.complete());
}

TEST(LeafSet, on_an_arc_covers_what_lies_between_its_ends) {
  const LeafSet leaves = filled(at(0x80), 4, {0x90, 0xa0, 0x70, 0x60});
  EXPECT_FALSE(leaves.whole_ring());
  EXPECT_TRUE(leaves.covers(Key::at(at(0x60))));
  EXPECT_TRUE(leaves.covers(Key::at(at(0xa0))));
  EXPECT_FALSE(leaves.covers(Key(at(0x60).value() - 1)));
  EXPECT_FALSE(leaves.covers(Key(at(0xa0).value() + 1)));
}

TEST(LeafSet, on_an_arc_that_wraps_around_zero_covers_zero) {
  const LeafSet leaves = filled(at(0x00), 4, {0x10, 0x20, 0xf0, 0xe0});
  EXPECT_TRUE(leaves.covers(Key(0)));
  EXPECT_TRUE(leaves.covers(Key(~Uint128{0})));
  EXPECT_FALSE(leaves.covers(Key::at(at(0x80))));
}

TEST(LeafSet, that_lost_one_whole_side_claims_nothing_on_that_side) {
  LeafSet leaves = filled(at(0x80), 4, {0x90, 0xa0, 0x70, 0x60});
  leaves.remove(at(0x90));
  EXPECT_FALSE(leaves.broken());
  leaves.remove(at(0xa0));
  EXPECT_TRUE(leaves.broken(Side::kRight));
  EXPECT_FALSE(leaves.broken(Side::kLeft));
  EXPECT_FALSE(leaves.complete());
  EXPECT_TRUE(leaves.covers(Key::at(at(0x78))));
  EXPECT_FALSE(leaves.covers(Key(at(0x80).value() + 1)));

  // A guess on that side does not change that; its confirmation does.
  leaves.insert(contact_at(0xc0));
  EXPECT_FALSE(leaves.covers(Key::at(at(0x81))));
  leaves.mend();
  EXPECT_TRUE(leaves.covers(Key::at(at(0x81))));
}

TEST(LeafSet, on_an_arc_does_not_fill_a_side_from_the_other_one) {
  LeafSet leaves = filled(at(0x80), 4, {0x90, 0xa0, 0x70, 0x60});
  leaves.remove(at(0xa0));
  EXPECT_EQ(ids(leaves.right()), std::vector{at(0x90)});
  EXPECT_FALSE(leaves.wants(at(0x60)));
  leaves.assume_whole_ring();
  EXPECT_EQ(ids(leaves.right()), (std::vector{at(0x90), at(0x60)}));
}

TEST(LeafSet, takes_a_later_life_of_a_member_in_its_place_and_no_earlier_one) {
  LeafSet leaves = filled(at(0x80), 4, {0x90, 0x70});
  const std::uint64_t version = leaves.version();
  EXPECT_FALSE(leaves.insert(contact_at(0x90)));
  EXPECT_EQ(leaves.version(), version);
  EXPECT_TRUE(leaves.insert(contact_at(0x90, 3)));
  EXPECT_FALSE(leaves.insert(contact_at(0x90, 2)));
  EXPECT_EQ(leaves.find(at(0x90))->incarnation(), 3u);
  EXPECT_EQ(leaves.right().front().incarnation(), 3u);
}

TEST(LeafSet, of_a_small_ring_that_lost_a_side_claims_nothing_until_it_is_mended) {
  LeafSet leaves(at(0x80), 4);
  leaves.insert(contact_at(0x90));
  EXPECT_TRUE(leaves.covers(Key::at(at(0x10))));
  leaves.remove(at(0x90));
  EXPECT_TRUE(leaves.broken());
  EXPECT_FALSE(leaves.covers(Key::at(at(0x10))));
  leaves.mend();
  EXPECT_TRUE(leaves.covers(Key::at(at(0x10))));
}

TEST(LeafSet, knows_who_stands_next_to_its_owner) {
  LeafSet leaves(at(0x80), 4);
  for (const std::uint8_t byte : {0x88, 0x90, 0x78, 0x70}) leaves.insert(contact_at(byte));
  EXPECT_TRUE(leaves.next_to_owner(at(0x88)));
  EXPECT_TRUE(leaves.next_to_owner(at(0x78)));
  EXPECT_FALSE(leaves.next_to_owner(at(0x90)));
  EXPECT_FALSE(leaves.next_to_owner(at(0x70)));
}

}  // namespace
}  // namespace phyllo::overlay
