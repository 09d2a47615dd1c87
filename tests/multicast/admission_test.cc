// Topics that must have no tree on this broker.

#include "base/batch_body.h"
#include "tests/multicast/forest_fixture.h"

namespace phyllo::multicast {
namespace {

class NotAdmitted : public ForestTest {
 protected:
  NotAdmitted()
      : ForestTest(ForestConfig::lan(), [](const TopicName& name) { return name != kNews; }) {}
  void expect_nothing_kept() {
    EXPECT_EQ(forest_.stats().trees, 0u);
    EXPECT_GT(forest_.stats().refused_topics, 0u);
  }
};

TEST_F(NotAdmitted, ASubscriptionIsRefused) {
  const Outcome done = forest_.set_local_subscribers(now_, kNews, 1, out_);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, ErrorCode::kRefused);
  expect_nothing_kept();
}

TEST_F(NotAdmitted, APublicationIsRefused) {
  const Outcome done =
      forest_.publish(now_, kNews, TopicId::of(kNews), {1, 1, 1, Payload::from("x"), {}}, out_);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, ErrorCode::kRefused);
  EXPECT_EQ(forest_.stats().ingress_bytes, 0u);
  expect_nothing_kept();
}

TEST_F(NotAdmitted, AGraftOnItsWayIsShownTheNextBroker) {
  pass_by(stranger_, {kNews, 7, 1});
  const auto dismissed = sent<Dismiss>();
  ASSERT_THAT(dismissed, SizeIs(1));
  EXPECT_EQ(dismissed[0].first, stranger_.id());
  ASSERT_THAT(dismissed[0].second.alternatives, SizeIs(1));
  EXPECT_EQ(dismissed[0].second.alternatives[0].node.id(), root_.id());
  EXPECT_TRUE(taken<ForwardOn>().empty());
  expect_nothing_kept();
}

TEST_F(NotAdmitted, NothingIsInherited) {
  for (const auto stage : {HandOver::Stage::kWillLeave, HandOver::Stage::kLeaves}) {
    receive(root_, HandOver{kNews, 7, {stream_, 4}, 1, stage});
  }
  expect_nothing_kept();
}

TEST_F(NotAdmitted, DataIsNotPassedOn) {
  receive(root_, data(1));
  EXPECT_TRUE(sent<Data>().empty());
  EXPECT_EQ(forest_.stats().trees, 0u);
}

TEST_F(NotAdmitted, OtherTopicsAreWelcome) {
  EXPECT_TRUE(forest_.set_local_subscribers(now_, TopicName::parse("sport").value(), 1, out_));
  EXPECT_EQ(forest_.stats().trees, 1u);
  EXPECT_EQ(forest_.stats().refused_topics, 0u);
}

}  // namespace
}  // namespace phyllo::multicast
