// Acknowledgements that wait because subscribers are behind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/batch_body.h"
#include "tests/multicast/forest_fixture.h"

namespace phyllo::multicast {
namespace {

using ::testing::IsEmpty;

Batch batch(Sequence number) {
  BatchBodyWriter body;
  body.append("x");
  return {1, number, 1, body.take()};
}

class HoldTest : public ForestTest {
 protected:
  void flush() { forest_.flush(now_, out_); }
};

class RootHoldTest : public HoldTest {
 protected:
  RootHoldTest() {
    for (int i = 0; !node_.is_root(TopicId::of(own_).key()); ++i) {
      own_ = TopicName::parse("own/" + std::to_string(i)).value();
    }
    EXPECT_TRUE(forest_.set_local_subscribers(now_, own_, 1, out_));
    pass(5s);
    receive(other_, Graft{own_, 1, 1});
    out_.clear();
  }
  void publish(Sequence number) {
    receive(stranger_, Publish{TopicId::of(own_), 1, number - 1, batch(number)});
    flush();
  }
  TopicName own_ = kNews;
};

TEST_F(RootHoldTest, AcknowledgesOtherBrokersLaterAndAllAtOnce) {
  receive(other_, Hold{TopicId::of(own_)});
  publish(1);
  publish(2);
  EXPECT_THAT(taken<Deliver>(), SizeIs(2)) << "only acknowledgements wait";
  EXPECT_THAT(sent<PublishAck>(), IsEmpty());
  pass(100ms);
  flush();
  ASSERT_THAT(sent<PublishAck>(), SizeIs(1));
  EXPECT_EQ(sent<PublishAck>()[0].second.taken, 2u);
}

TEST_F(RootHoldTest, AcknowledgesItsOwnProgramsLater) {
  forest_.hold_publishers(now_, TopicId::of(own_), out_);
  EXPECT_TRUE(forest_.publish(now_, own_, TopicId::of(own_), batch(1), out_));
  flush();
  EXPECT_THAT(taken<PublishTaken>(), IsEmpty());
  pass(100ms);
  flush();
  ASSERT_THAT(taken<PublishTaken>(), SizeIs(1));
  EXPECT_EQ(taken<PublishTaken>()[0].up_to, 1u);
}

TEST_F(RootHoldTest, CountsHowLongPublishersWait) {
  receive(other_, Hold{TopicId::of(own_)});
  EXPECT_EQ(forest_.stats().publishers_held, 2ms);
  pass(1ms);
  receive(other_, Hold{TopicId::of(own_)});
  EXPECT_EQ(forest_.stats().publishers_held, 3ms) << "the second one goes on from the first";
  pass(100ms);
  EXPECT_EQ(forest_.stats().publishers_held, 3ms);
}

TEST_F(RootHoldTest, OtherTopicsDoNotWait) {
  forest_.hold_publishers(now_, kTopic, out_);
  publish(1);
  EXPECT_THAT(sent<PublishAck>(), SizeIs(1));
}

TEST_F(RootHoldTest, TakesTheWordOfChildrenOnly) {
  receive(stranger_, Hold{TopicId::of(own_)});
  publish(1);
  EXPECT_THAT(sent<PublishAck>(), SizeIs(1));
}

TEST_F(HoldTest, TellsTheParentButNotAllTheTime) {
  attach();
  for (int i = 0; i < 100; ++i) {
    forest_.hold_publishers(now_, kTopic, out_);
    pass(100us);
  }
  EXPECT_THAT(sent<Hold>(), SizeIs(::testing::AllOf(::testing::Ge(5u), ::testing::Le(12u))));
  EXPECT_EQ(sent<Hold>()[0].first, other_.id());
}

/// As many subscribers that take turns at being behind would, or a child that does not tell the
/// truth.
TEST_F(RootHoldTest, GoesOnForPartOfTheTimeOnlyWhateverIsAskedFor) {
  int acknowledged = 0;
  for (Sequence number = 1; number <= 2'000; ++number) {
    receive(other_, Hold{TopicId::of(own_)});
    publish(number);
    acknowledged += static_cast<int>(sent<PublishAck>().size());
    out_.clear();
    pass(500us);
  }
  EXPECT_GT(acknowledged, 500) << "of two thousand, more than a quarter at once";
  EXPECT_LT(acknowledged, 1'500);
}

TEST_F(HoldTest, NobodyIsToldOfATopicThatHasNoTreeHere) {
  forest_.hold_publishers(now_, kTopic, out_);
  EXPECT_THAT(sent<Hold>(), IsEmpty());
  EXPECT_EQ(forest_.stats().trees, 0u);
}

}  // namespace
}  // namespace phyllo::multicast
