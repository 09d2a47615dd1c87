#include "overlay/key_range.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace phyllo::overlay {
namespace {

NodeId any_node() {
  const auto high = *rc::gen::arbitrary<std::uint64_t>();
  const auto low = *rc::gen::arbitrary<std::uint64_t>();
  return NodeId(Uint128{high} << 64 | low);
}

TEST(KeyRange, of_a_lone_node_is_the_whole_ring) {
  const NodeId alone(42);
  const KeyRange range = range_between(alone, alone, alone);
  EXPECT_TRUE(range.contains(Key(0)));
  EXPECT_TRUE(range.contains(Key(42)));
  EXPECT_TRUE(range.contains(Key(~Uint128{0})));
  EXPECT_EQ(Key(range.last.value() + 1), range.first);
}

TEST(KeyRange, gives_the_key_in_the_middle_to_the_node_it_is_clockwise_of) {
  const NodeId left(10);
  const NodeId right(20);
  EXPECT_EQ(border(left, right), Key(15));
  EXPECT_TRUE(closer(Key(15), left, right));
  EXPECT_FALSE(closer(Key(16), left, right));
}

TEST(KeyRange, wraps_around_zero) {
  const KeyRange range = range_between(NodeId(~Uint128{0} - 9), NodeId(2), NodeId(100));
  EXPECT_TRUE(range.contains(Key(0)));
  EXPECT_TRUE(range.contains(Key(~Uint128{0} - 2)));
  EXPECT_FALSE(range.contains(Key(~Uint128{0} - 8)));
}

RC_GTEST_PROP(KeyRange, holds_exactly_the_keys_the_routing_rule_gives_to_the_node, ()) {
  std::vector<NodeId> ring;
  const auto size = *rc::gen::inRange(1, 6);
  while (ring.size() < static_cast<std::size_t>(size)) ring.push_back(any_node());
  std::sort(ring.begin(), ring.end());
  ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
  const Key key = Key::at(any_node());

  const std::size_t n = ring.size();
  std::size_t owners = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const KeyRange range = range_between(ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]);
    bool root = true;
    for (const NodeId other : ring)
      root = root && (other == ring[i] || closer(key, ring[i], other));
    RC_ASSERT(range.contains(key) == root);
    owners += root ? 1 : 0;
  }
  RC_ASSERT(owners == 1u);
}

}  // namespace
}  // namespace phyllo::overlay
