#include "multicast/forest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "base/batch_body.h"
#include "tests/multicast/forest_fixture.h"

// One forest as publishers meet it: as the way in, with little room, and as the root.

namespace phyllo::multicast {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NarrowForestTest : public ForestTest {
 protected:
  static ForestConfig narrow() {
    ForestConfig config = ForestConfig::lan();
    config.ingress_bytes_per_topic = 1000;
    config.ingress_bytes = 1500;
    return config;
  }
  NarrowForestTest() : ForestTest(narrow()) {}

  /// How many messages of a hundred bytes it takes.
  std::size_t room_for(const TopicName& topic) {
    for (Sequence number = 1; number < 100; ++number) {
      BatchBodyWriter body;
      body.append(std::string(100, 'x'));
      const auto taken =
          forest_.publish(now_, topic, TopicId::of(topic), {1, number, 1, body.take()}, out_);
      if (taken.ok()) continue;
      EXPECT_EQ(taken.error().code, ErrorCode::kQueueFull);
      return number - 1;
    }
    return 100;
  }
};

TEST_F(NarrowForestTest, KeepsABoundedNumberOfBytesForATopicAndForAllTogether) {
  const std::size_t one = room_for(kNews);
  EXPECT_GE(one, 5u);
  EXPECT_LE(one, 10u);
  const std::size_t other = room_for(TopicName::parse("weather").value());
  EXPECT_GE(other, 1u);
  EXPECT_LE(one + other, 15u);
  EXPECT_LE(forest_.stats().ingress_bytes, 1500u);
}

/// A topic whose root is this test's node.
class RootedForestTest : public ForestTest {
 protected:
  RootedForestTest() {
    for (int i = 0; !node_.is_root(TopicId::of(own_).key()); ++i) {
      own_ = TopicName::parse("own/" + std::to_string(i)).value();
    }
    EXPECT_TRUE(forest_.set_local_subscribers(now_, own_, 1, out_));
    pass(5s);
    out_.clear();
  }
  Publish publication(Attempt attempt, std::uint64_t index, Sequence number) {
    BatchBodyWriter body;
    body.append("x");
    return {TopicId::of(own_), attempt, index, {1, number, 1, body.take()}};
  }
  TopicName own_ = kNews;
};

TEST_F(RootedForestTest, NumbersNothingTwiceThatAPublisherSendsAgain) {
  receive(stranger_, publication(1, 0, 1));
  receive(stranger_, publication(2, 0, 1));
  receive(stranger_, publication(2, 1, 2));
  EXPECT_EQ(forest_.stats().rooted_messages, 2u);
  EXPECT_THAT(taken<Deliver>(), SizeIs(2));
}

TEST_F(RootedForestTest, HandsItsStreamOverWhenItLeaves) {
  receive(stranger_, publication(1, 0, 1));
  forest_.hand_over(now_, out_);
  const auto hand_overs = sent<HandOver>();
  ASSERT_THAT(hand_overs, SizeIs(1));
  EXPECT_EQ(hand_overs[0].second.stage, HandOver::Stage::kLeaves);
  EXPECT_EQ(hand_overs[0].second.ended.last, 1u);
}

}  // namespace
}  // namespace phyllo::multicast
