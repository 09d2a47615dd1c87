#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "multicast/cast_desk.h"
#include "tests/multicast/scenario.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const TopicName kNews = topic("news");

struct Casting : ::testing::Test {
  Casting() : grove({.seed = 21}) {}
  void SetUp() override {
    ASSERT_TRUE(grove.grow(40));
    for (StationId member = 0; member < 40; member += 2) subscribers.push_back(member);
    ASSERT_TRUE(subscribe_all(grove, subscribers, kNews));
    grove.run_for(1s);
  }
  std::size_t offers() {
    std::size_t count = 0;
    for (const StationId member : grove.running()) count += grove.member(member).offers.size();
    return count;
  }
  Grove grove;
  std::vector<StationId> subscribers;
};

TEST_F(Casting, AnycastIsTakenByExactlyOneWhenAllAccept) {
  grove.cast(1, kNews, 1);
  grove.run_for(1s);
  ASSERT_THAT(grove.member(1).casts, SizeIs(1));
  EXPECT_THAT(grove.member(1).casts[0].accepted, SizeIs(1));
  EXPECT_EQ(offers(), 1u);
}

TEST_F(Casting, OfTooManyAtTheSameTimeTheLatestEndsAtOnceWithNobody) {
  grove.network().put_on_side(1, 1);  // nobody answers
  for (std::size_t i = 0; i < multicast::CastDesk::kMaxAsked; ++i) grove.cast(1, kNews, 1);
  EXPECT_THAT(grove.member(1).casts, IsEmpty());
  const auto number = grove.cast(1, kNews, 1);
  ASSERT_THAT(grove.member(1).casts, SizeIs(1));
  EXPECT_EQ(grove.member(1).casts[0].cast, number);
  EXPECT_THAT(grove.member(1).casts[0].accepted, IsEmpty());
  grove.run_for(5s);
  EXPECT_THAT(grove.member(1).casts, SizeIs(multicast::CastDesk::kMaxAsked + 1));
}

TEST_F(Casting, AnycastFindsTheOneThatAccepts) {
  for (const StationId member : subscribers) grove.member(member).accepts = member == 22;
  grove.cast(1, kNews, 1);
  grove.run_for(1s);
  ASSERT_THAT(grove.member(1).casts, SizeIs(1));
  EXPECT_THAT(grove.member(1).casts[0].accepted, ElementsAre(grove.id(22)));
  EXPECT_EQ(grove.member(22).offers.size(), 1u);
}

TEST_F(Casting, AnycastFailsWhenNobodyAcceptsAndEachWasAskedOnce) {
  for (const StationId member : subscribers) grove.member(member).accepts = false;
  grove.cast(1, kNews, 1);
  grove.run_for(1s);
  ASSERT_THAT(grove.member(1).casts, SizeIs(1));
  EXPECT_THAT(grove.member(1).casts[0].accepted, IsEmpty());
  for (const StationId member : subscribers) EXPECT_EQ(grove.member(member).offers.size(), 1u);
}

TEST_F(Casting, AnycastIntoATopicWithoutSubscribersFailsAtOnce) {
  grove.cast(1, topic("nobody"), 1);
  grove.run_for(500ms);
  ASSERT_THAT(grove.member(1).casts, SizeIs(1));
  EXPECT_THAT(grove.member(1).casts[0].accepted, IsEmpty());
}

TEST_F(Casting, ManycastReachesExactlyAsManyAsWanted) {
  grove.cast(4, kNews, 7);
  grove.run_for(1s);
  ASSERT_THAT(grove.member(4).casts, SizeIs(1));
  const auto& accepted = grove.member(4).casts[0].accepted;
  EXPECT_EQ(std::set(accepted.begin(), accepted.end()).size(), 7u);
  EXPECT_EQ(offers(), 7u);
}

TEST_F(Casting, ManycastReachesAllWhenMoreAreWantedThanThereAre) {
  grove.cast(1, kNews, 1000);
  grove.run_for(1s);
  ASSERT_THAT(grove.member(1).casts, SizeIs(1));
  EXPECT_THAT(grove.member(1).casts[0].accepted, SizeIs(subscribers.size()));
}

TEST_F(Casting, ReportsWhoAcceptedWhenTheWalkDiesWithAMember) {
  const StationId asker = grove.root_of(kNews);
  grove.cast(asker, kNews, 1000);
  // The walk takes milliseconds from member to member; here, after some, everybody else dies.
  ASSERT_TRUE(grove.run_until([&] { return offers() >= 5; }, 1s));
  for (const StationId member : grove.running()) {
    if (member != asker) grove.kill(member, Death::kSilent);
  }
  grove.run_for(3s);
  ASSERT_THAT(grove.member(asker).casts, SizeIs(1));
  EXPECT_GE(grove.member(asker).casts[0].accepted.size(), 3u);
  EXPECT_LT(grove.member(asker).casts[0].accepted.size(), subscribers.size());
}

TEST_F(Casting, SurveyShowsTheWholeTreeRootFirst) {
  grove.survey(1, kNews);
  grove.run_for(500ms);
  ASSERT_THAT(grove.member(1).surveys, SizeIs(1));
  const auto& survey = grove.member(1).surveys[0];
  EXPECT_TRUE(survey.complete);
  ASSERT_FALSE(survey.nodes.empty());
  EXPECT_TRUE(survey.nodes[0].root);
  EXPECT_EQ(survey.nodes[0].node.id(), grove.id(grove.root_of(kNews)));
  std::set<overlay::NodeId> before;
  std::uint64_t subscribed = 0;
  for (const auto& node : survey.nodes) {
    if (node.parent) {
      EXPECT_TRUE(before.contains(*node.parent));
    }
    before.insert(node.node.id());
    subscribed += node.local_subscribers;
  }
  EXPECT_EQ(subscribed, subscribers.size());
  EXPECT_EQ(survey.nodes[0].subtree_subscribers, subscribers.size());
}

TEST_F(Casting, SurveyOfAnUnknownTopicIsCompleteAndEmptyButForItsRoot) {
  grove.survey(1, topic("nobody"));
  grove.run_for(500ms);
  ASSERT_THAT(grove.member(1).surveys, SizeIs(1));
  EXPECT_TRUE(grove.member(1).surveys[0].complete);
  EXPECT_THAT(grove.member(1).surveys[0].nodes, SizeIs(1));
}

TEST_F(Casting, SurveySaysWhenAMemberDidNotAnswer) {
  const StationId silent = grove.root_of(kNews) == 2 ? 4 : 2;
  grove.network().pause(silent);
  grove.survey(1, kNews);
  grove.run_for(2500ms);
  ASSERT_THAT(grove.member(1).surveys, SizeIs(1));
  EXPECT_FALSE(grove.member(1).surveys[0].complete);
}

}  // namespace
}  // namespace phyllo::testing
