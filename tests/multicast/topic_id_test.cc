#include "multicast/topic_id.h"

#include <gtest/gtest.h>

namespace phyllo::multicast {
namespace {

TopicId of(const char* name) { return TopicId::of(TopicName::parse(name).value()); }

TEST(TopicId, IsBlake2bOfTheNameWithSixteenBytesOut) {
  // b2sum -l 128 of "news".
  EXPECT_EQ(of("news").hex(), "451966dc3e36ee1d080f7fc56a460600");
}

TEST(TopicId, DiffersForNamesThatDiffer) {
  EXPECT_EQ(of("a/b"), of("a/b"));
  EXPECT_NE(of("a/b"), of("a/c"));
  EXPECT_NE(of("a"), of("A"));
}

TEST(TopicId, ReadsBackItsBytesAndNothingElse) {
  const TopicId id = of("news");
  EXPECT_EQ(TopicId::from_bytes(id.bytes()), id);
  EXPECT_FALSE(TopicId::from_bytes("").has_value());
  EXPECT_FALSE(TopicId::from_bytes(id.bytes() + "x").has_value());
}

}  // namespace
}  // namespace phyllo::multicast
