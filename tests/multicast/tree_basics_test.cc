#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "multicast/codec.h"
#include "tests/multicast/scenario.h"

// Scenarios 4 to 9 of the systems before this one, and what goes with them.

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const TopicName kNews = topic("news");

std::vector<StationId> every(const Grove& grove, std::size_t step) {
  std::vector<StationId> members;
  for (const StationId member : grove.running()) {
    if (member % step == 0) members.push_back(member);
  }
  return members;
}

class TreeOf : public ::testing::TestWithParam<std::size_t> {};

TEST_P(TreeOf, SubscribersReceivesAllOfFivePublications) {
  Grove grove({.seed = 7});
  ASSERT_TRUE(grove.grow(50));
  const auto members = every(grove, GetParam());
  ASSERT_TRUE(subscribe_all(grove, members, kNews));
  for (int i = 0; i < 5; ++i) grove.publish(grove.pick(grove.running()), kNews, 1 + i);
  grove.run_for(2s);
  for (const StationId member : members) EXPECT_EQ(grove.delivered(member, kNews), 5u);
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
  EXPECT_EQ(reported_lost(grove, kNews), 0u);
  const auto root = grove.member(grove.root_of(kNews)).forest().part_in(kNews);
  EXPECT_EQ(root->subtree_subscribers, members.size());
}

INSTANTIATE_TEST_SUITE_P(AllHalfQuarter, TreeOf, ::testing::Values(1, 2, 4));

// There an unsubscribe is never sent.
TEST(UnlikeFreePastry, NothingIsLeftOfATreeWhenEverybodyUnsubscribes) {
  Grove grove({.seed = 8});
  ASSERT_TRUE(grove.grow(50));
  const auto members = every(grove, 2);
  ASSERT_TRUE(subscribe_all(grove, members, kNews));
  for (const StationId member : members) grove.unsubscribe(member, kNews);
  // Long before anybody is given up for his silence, or asked what he still wants.
  grove.run_for(60ms);
  for (const StationId member : grove.running()) {
    EXPECT_EQ(grove.member(member).forest().stats().trees, 0u) << "#" << member;
  }
  grove.run_for(2s);
  grove.publish(3, kNews, 1);
  grove.run_for(2s);
  std::uint64_t unheard = 0;
  for (const StationId member : grove.running()) {
    const auto stats = grove.member(member).forest().stats();
    EXPECT_EQ(stats.trees, 0u);
    EXPECT_EQ(stats.children, 0u);
    EXPECT_EQ(grove.delivered(member, kNews), 0u);
    unheard += stats.unheard_messages;
  }
  EXPECT_EQ(unheard, 1u);
}

// There it vanishes.
TEST(UnlikeFreePastry, APublicationThatNobodyHearsIsTakenAndThePublisherToldSo) {
  Grove grove({.seed = 9});
  ASSERT_TRUE(grove.grow(10));
  grove.run_for(2s);
  for (const StationId member : grove.running()) grove.publish(member, kNews, 1 + member);
  grove.run_for(2s);
  for (const StationId member : grove.running()) {
    const auto& taken = grove.member(member).taken;
    ASSERT_THAT(taken, SizeIs(1));
    EXPECT_EQ(taken[0].up_to, 1u);
    EXPECT_EQ(taken[0].reception.reach, 0u);
  }
}

TEST(Tree, TellsThePublisherItsReach) {
  Grove grove({.seed = 10});
  ASSERT_TRUE(grove.grow(20));
  for (const StationId member : grove.running()) grove.subscribe(member, kNews, 3);
  ASSERT_TRUE(grove.run_until([&] { return live(grove, kNews); }));
  grove.run_for(2s);
  grove.publish(5, kNews, 1);
  grove.run_for(1s);
  ASSERT_THAT(grove.member(5).taken, SizeIs(1));
  EXPECT_EQ(grove.member(5).taken[0].reception.reach, 60u);
}

// There a subscriber is told of failures that never were.
TEST(UnlikeFreePastry, NoSubscriptionFailsThatOnlyTakesLonger) {
  Grove grove({.seed = 20});
  ASSERT_TRUE(grove.grow(20));
  grove.network().set_weather({.loss = 0.3});
  const StationId root = grove.root_of(kNews);
  grove.network().pause(root);  // for so long that grafts are sent again and again
  for (const StationId member : grove.running()) {
    if (member != root) grove.subscribe(member, kNews);
  }
  grove.run_for(800ms);
  grove.network().resume(root);
  EXPECT_TRUE(grove.run_until([&] { return live(grove, kNews); }, 20s)) << grove.report(kNews);
  for (const StationId member : grove.running()) {
    for (const SeenAt& event : grove.member(member).seen[multicast::TopicId::of(kNews)]) {
      EXPECT_FALSE(std::holds_alternative<Error>(event.what)) << "#" << member;
    }
  }
}

TEST(Tree, WorksOnASingleMember) {
  Grove grove({.seed = 11});
  ASSERT_TRUE(grove.grow(1));
  grove.subscribe(0, kNews);
  grove.publish(0, kNews, 1, 5);
  grove.run_for(2s);
  EXPECT_EQ(grove.delivered(0, kNews), 5u);
  EXPECT_EQ(grove.member(0).taken.back().up_to, 5u);
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
}

TEST(Tree, AcknowledgesASecondLocalSubscriberAtOnce) {
  Grove grove({.seed = 12});
  ASSERT_TRUE(grove.grow(10));
  ASSERT_TRUE(subscribe_all(grove, {4}, kNews));
  const auto id = multicast::TopicId::of(kNews);
  ASSERT_THAT(grove.member(4).seen[id], SizeIs(1));
  grove.subscribe(4, kNews, 2);
  EXPECT_THAT(grove.member(4).seen[id], SizeIs(2));
}

// There what is registered too early is lost.
TEST(UnlikeFreePastry, MakesSubscriptionsBeforeTheRingIsJoinedLive) {
  Grove grove({.seed = 13});
  ASSERT_TRUE(grove.grow(10));
  const StationId joiner = grove.add();
  grove.start(joiner, {0});
  grove.subscribe(joiner, kNews);
  grove.publish(joiner, kNews, 1);
  EXPECT_TRUE(grove.run_until([&] { return live(grove, kNews); }, 5s));
  grove.run_for(2s);
  EXPECT_EQ(grove.member(joiner).taken.back().up_to, 1u);
  EXPECT_THAT(check_tree(grove, kNews), IsEmpty());
}

TEST(Tree, HearsOfItsAdoptionWithTheNextPulseWhereTheWordOfItIsLost) {
  Grove::Setup setup{.seed = 21};
  setup.forest.graft_retry = 20s;
  Grove grove(setup);
  ASSERT_TRUE(grove.grow(10));
  ASSERT_TRUE(subscribe_all(grove, {grove.root_of(kNews)}, kNews));
  const StationId subscriber = grove.root_of(kNews) == 0 ? 1 : 0;
  int lost = 0;
  for (const StationId member : grove.running()) {
    grove.member(member).full = [&](const overlay::Contact&, const overlay::AppMessage& message) {
      const auto decoded = multicast::decode(message);
      return std::holds_alternative<multicast::Standing>(*decoded) && lost++ == 0;
    };
  }
  grove.subscribe(subscriber, kNews);
  EXPECT_TRUE(grove.run_until([&] { return live(grove, kNews); }, 1s)) << grove.report(kNews);
  EXPECT_EQ(lost, 2);
}

TEST(Tree, GivesALateSubscriberNoGap) {
  Grove grove({.seed = 14});
  ASSERT_TRUE(grove.grow(30));
  ASSERT_TRUE(subscribe_all(grove, {1, 2, 3}, kNews));
  Traffic traffic(grove, kNews, 3);
  traffic.run_for(500ms);
  for (const StationId member : grove.running()) {
    grove.subscribe(member, kNews);
    traffic.run_for(20ms);
  }
  traffic.run_for(1s);
  grove.run_for(1s);
  EXPECT_EQ(reported_lost(grove, kNews), 0u);
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
}

TEST(Forest, GivesAntipodalTopicsIndependentTrees) {
  Grove grove({.seed = 15});
  ASSERT_TRUE(grove.grow(40));
  // Two names whose ids lie on opposite sides of the ring, as nearly as a few hundred names give.
  TopicName other = kNews;
  overlay::Uint128 farthest = 0;
  for (int i = 0; i < 300; ++i) {
    const TopicName name = topic("antipode/" + std::to_string(i));
    const auto distance =
        overlay::distance(multicast::TopicId::of(kNews).key(), multicast::TopicId::of(name).key());
    if (distance <= farthest) continue;
    farthest = distance;
    other = name;
  }
  for (const StationId member : grove.running()) {
    grove.subscribe(member, kNews);
    grove.subscribe(member, other);
  }
  ASSERT_TRUE(grove.run_until([&] { return live(grove, kNews) && live(grove, other); }));
  EXPECT_NE(grove.root_of(kNews), grove.root_of(other));
  grove.publish(1, kNews, 1);
  grove.publish(2, other, 2, 2);
  grove.run_for(2s);
  for (const StationId member : grove.running()) {
    EXPECT_EQ(grove.delivered(member, kNews), 1u);
    EXPECT_EQ(grove.delivered(member, other), 2u);
  }
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
  EXPECT_THAT(check_all(grove, other), IsEmpty());
}

TEST(Forest, GivesEachOfTenTopicsExactlyOneRoot) {
  Grove grove({.seed = 16});
  ASSERT_TRUE(grove.grow(40));
  for (int i = 0; i < 10; ++i) {
    const TopicName name = topic("random/" + std::to_string(i));
    ASSERT_TRUE(subscribe_all(grove, every(grove, 3), name));
    grove.run_for(1s);
    EXPECT_THAT(check_tree(grove, name), IsEmpty());
  }
}

TEST(Root, IsTakenOverByAMemberWhoseIdIsTheTopics) {
  Grove grove({.seed = 17});
  ASSERT_TRUE(grove.grow(30));
  ASSERT_TRUE(subscribe_all(grove, every(grove, 2), kNews));
  Traffic traffic(grove, kNews, 2);
  traffic.run_for(200ms);
  const StationId joiner = grove.add(overlay::NodeId::at(multicast::TopicId::of(kNews).key()));
  grove.start(joiner, {0});
  traffic.run_for(2s);
  grove.run_for(2s);
  const auto part = grove.member(joiner).forest().part_in(kNews);
  ASSERT_TRUE(part.has_value());
  EXPECT_TRUE(part->root);
  EXPECT_FALSE(part->children.empty());
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
  EXPECT_EQ(reported_lost(grove, kNews), 0u);
}

// There a root that still has a parent drops every publication, for ever.
TEST(UnlikeFreePastry, ARootNeverKeepsAParent) {
  Grove grove({.seed = 18});
  ASSERT_TRUE(grove.grow(30));
  ASSERT_TRUE(subscribe_all(grove, grove.running(), kNews));
  for (int i = 0; i < 8; ++i) {
    grove.kill(grove.root_of(kNews), Death::kSilent);
    grove.run_for(4s);
    const auto part = grove.member(grove.root_of(kNews)).forest().part_in(kNews);
    ASSERT_TRUE(part.has_value());
    EXPECT_TRUE(part->root);
    EXPECT_FALSE(part->parent.has_value());
    const auto members = grove.running();
    const std::uint64_t before = grove.delivered(members[0], kNews);
    grove.publish(members[1], kNews, 100 + i);
    grove.run_for(1s);
    EXPECT_EQ(grove.delivered(members[0], kNews), before + 1);
  }
}

TEST(Tree, ReceivesAgainAfterHalfOfAllMembersDied) {
  Grove grove({.seed = 19});
  ASSERT_TRUE(grove.grow(60));
  ASSERT_TRUE(subscribe_all(grove, grove.running(), kNews));
  for (const StationId member : grove.running()) {
    if (member % 2 == 1) grove.kill(member, member % 4 == 1 ? Death::kSilent : Death::kReported);
  }
  grove.run_for(3s);
  const auto survivors = grove.running();
  std::map<StationId, std::uint64_t> before;
  for (const StationId member : survivors) before[member] = grove.delivered(member, kNews);
  for (int i = 0; i < 5; ++i) grove.publish(grove.pick(survivors), kNews, 1 + i);
  grove.run_for(2s);
  for (const StationId member : survivors) {
    EXPECT_EQ(grove.delivered(member, kNews), before[member] + 5) << "#" << member;
  }
  grove.run_for(4s);
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
}

}  // namespace
}  // namespace phyllo::testing
