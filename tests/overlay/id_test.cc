#include "overlay/id.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

constexpr Uint128 kLast = ~Uint128{0};

TEST(RingId, is_read_from_exactly_32_hexadecimal_digits) {
  const auto id = NodeId::from_hex("0123456789abcdefFEDCBA9876543210");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->hex(), "0123456789abcdeffedcba9876543210");
  EXPECT_EQ(id->short_hex(), "01234567");
  EXPECT_EQ(id->digit(0), 0);
  EXPECT_EQ(id->digit(5), 5);
  EXPECT_EQ(id->digit(31), 0);
  EXPECT_FALSE(NodeId::from_hex(""));
  EXPECT_FALSE(NodeId::from_hex("0123456789abcdefFEDCBA987654321"));
  EXPECT_FALSE(NodeId::from_hex("0123456789abcdefFEDCBA98765432100"));
  EXPECT_FALSE(NodeId::from_hex("0123456789abcdefFEDCBA987654321g"));
  EXPECT_FALSE(NodeId::from_hex("0x23456789abcdefFEDCBA987654321000"));
}

TEST(RingId, is_read_from_exactly_16_bytes) {
  EXPECT_FALSE(NodeId::from_bytes("123456789012345"));
  EXPECT_FALSE(NodeId::from_bytes("12345678901234567"));
  EXPECT_EQ(NodeId::from_bytes(std::string(16, '\xff')), NodeId(kLast));
}

RC_GTEST_PROP(RingId, comes_back_from_its_hexadecimal_and_its_bytes, ()) {
  const NodeId id = any_id();
  RC_ASSERT(NodeId::from_hex(id.hex()) == id);
  RC_ASSERT(NodeId::from_bytes(id.bytes()) == id);
}

RC_GTEST_PROP(RingId, digits_spell_the_hexadecimal, ()) {
  const NodeId id = any_id();
  for (int i = 0; i < kDigits; ++i) {
    RC_ASSERT("0123456789abcdef"[id.digit(i)] == id.hex()[static_cast<std::size_t>(i)]);
  }
}

TEST(RingArithmetic, wraps_around_zero) {
  EXPECT_EQ(clockwise(NodeId(kLast), NodeId(0)), Uint128{1});
  EXPECT_EQ(clockwise(NodeId(0), NodeId(kLast)), kLast);
  EXPECT_EQ(distance(NodeId(kLast), Key(2)), Uint128{3});
  EXPECT_EQ(distance(NodeId(0), NodeId(Uint128{1} << 127)), Uint128{1} << 127);
}

RC_GTEST_PROP(RingArithmetic, the_two_ways_round_add_up_to_the_ring, ()) {
  const NodeId a = any_id();
  const NodeId b = any_id();
  RC_ASSERT(clockwise(a, b) + clockwise(b, a) == 0);
  RC_ASSERT(distance(a, b) == distance(b, a));
  RC_ASSERT(distance(a, b) <= Uint128{1} << 127);
  RC_ASSERT((distance(a, b) == 0) == (a == b));
}

RC_GTEST_PROP(RingArithmetic, shared_digits_are_the_common_beginning_of_the_spelling, ()) {
  const NodeId a = any_id();
  const NodeId b = any_id();
  int common = 0;
  while (common < kDigits && a.digit(common) == b.digit(common)) ++common;
  RC_ASSERT(shared_digits(a, b) == common);
  RC_ASSERT(shared_digits(a, a) == kDigits);
}

TEST(Closer, gives_a_key_in_the_middle_to_the_node_it_is_clockwise_of) {
  EXPECT_TRUE(closer(Key(5), NodeId(0), NodeId(10)));
  EXPECT_FALSE(closer(Key(5), NodeId(10), NodeId(0)));
  // Also across zero: the key 2 lies between 2^128 − 2 and 6.
  EXPECT_TRUE(closer(Key(2), NodeId(kLast - 1), NodeId(6)));
  EXPECT_FALSE(closer(Key(2), NodeId(6), NodeId(kLast - 1)));
}

TEST(Closer, gives_a_key_equal_to_an_id_to_that_node) {
  EXPECT_TRUE(closer(Key(kLast), NodeId(kLast), NodeId(0)));
  EXPECT_FALSE(closer(Key(kLast), NodeId(0), NodeId(kLast)));
}

RC_GTEST_PROP(Closer, orders_any_nodes_strictly, ()) {
  const Key key = any_key();
  const NodeId a = any_id();
  const NodeId b = any_id();
  const NodeId c = any_id();
  RC_ASSERT(!closer(key, a, a));
  RC_ASSERT((a == b) == (!closer(key, a, b) && !closer(key, b, a)));
  RC_ASSERT(!closer(key, a, b) || !closer(key, b, c) || closer(key, a, c));
}

}  // namespace
}  // namespace phyllo::overlay
