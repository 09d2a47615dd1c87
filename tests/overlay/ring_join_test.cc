#include <chrono>

#include "overlay/key_range.h"
#include "tests/overlay/ring_expectations.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using overlay::Key;
using overlay::NodeId;
using overlay::Uint128;

TEST(RingJoin, ANodeWithoutSeedsFoundsARingAndServesEveryKey) {
  Ring ring(setup(1));
  const StationId founder = ring.add();
  ring.start(founder, {});
  ASSERT_TRUE(ring.node(founder).active());
  EXPECT_TRUE(works(ring));
  ring.run_for(60s);
  EXPECT_EQ(ring.network().messages_sent(), 0u);
}

TEST(RingJoin, ANodeThatIsItsOwnOnlySeedFoundsARing) {
  Ring ring(setup(2));
  const StationId founder = ring.add();
  ring.start(founder, {founder});
  EXPECT_TRUE(settles(ring, ring.config().timers.founding_patience + 2s));
}

TEST(RingJoin, ANodeWhoseSeedsAreSilentWaitsForThem) {
  Ring ring(setup(3));
  const StationId seed = ring.add();
  const StationId joiner = ring.add();
  ring.start(joiner, {seed});
  ring.run_for(30s);
  EXPECT_FALSE(ring.node(joiner).active());
  ring.start(seed, {});
  EXPECT_TRUE(settles(ring, 30s));
  EXPECT_TRUE(works(ring));
}

/// It brings 917 to 935 of them to the right root.
TEST(UnlikeWendy, TwoNodesBringAThousandRandomKeysToTheRightRoots) {
  Ring ring(setup(4));
  ASSERT_TRUE(grown(ring, 2));
  EXPECT_TRUE(works(ring, 1000));
}

class RingOfSize : public ::testing::TestWithParam<std::size_t> {};

TEST_P(RingOfSize, IsExactAndRoutesEveryKey) {
  Ring ring(setup(100 + GetParam()));
  RingWatch watch(ring, 10ms);
  ASSERT_TRUE(grown(ring, GetParam()));
  EXPECT_TRUE(works(ring, 200));
  ring.run_for(60s);
  EXPECT_TRUE(works(ring, 200));
  EXPECT_TRUE(nothing_in(watch.structures(), ring));
  EXPECT_TRUE(nothing_in(watch.claims(), ring));
  EXPECT_EQ(losses(ring), "");
}

// l = 16: both sides full at 17.
INSTANTIATE_TEST_SUITE_P(, RingOfSize, ::testing::Values(1, 2, 3, 7, 8, 9, 15, 16, 17, 18, 33));

class RingWithLeafSet : public ::testing::TestWithParam<std::size_t> {};

TEST_P(RingWithLeafSet, GrowsAndRoutes) {
  Ring::Setup plan = setup(150 + GetParam());
  plan.node.leaf_set_size = GetParam();
  Ring ring(plan);
  ASSERT_TRUE(grown(ring, 24));
  EXPECT_TRUE(works(ring, 200));
}

INSTANTIATE_TEST_SUITE_P(, RingWithLeafSet, ::testing::Values(2, 4, 32, 128));

class SeededJoin : public SeededRing {};

TEST_P(SeededJoin, FiftyThroughOneSeedAtOnceMakeOneRing) {
  Ring ring(setup(seed()));
  RingWatch watch(ring, 2ms);
  const StationId founder = ring.add();
  ring.start(founder, {});
  for (int i = 0; i < 50; ++i) ring.start(ring.add(), {founder});
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring, 200));
  EXPECT_TRUE(nothing_in(watch.structures(), ring));
  EXPECT_TRUE(nothing_in(watch.claims(), ring));
  EXPECT_EQ(losses(ring), "");
}

TEST_P(SeededJoin, ConcurrentJoinsIntoAStandingRingNeverYieldTwoRootsOfAKey) {
  Ring ring(setup(seed() + 1000));
  ASSERT_TRUE(grown(ring, 20));
  RingWatch watch(ring, 1ms);
  const std::vector<StationId> inside = ring.active();
  for (int i = 0; i < 20; ++i) {
    ring.start(ring.add(), {ring.pick(inside)});
    ring.run_for(Duration(ring.random().below(5'000'000)));
  }
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
  EXPECT_TRUE(nothing_in(watch.structures(), ring));
  EXPECT_TRUE(nothing_in(watch.claims(), ring));
}

/// The published protocols can come out of this with a ring that is disconnected for good.
TEST_P(SeededJoin, ManyConcurrentJoinsBetweenTheSameNeighboursKeepTheOrder) {
  Ring ring(setup(seed() + 2000));
  ASSERT_TRUE(grown(ring, 1 + seed() % 20));
  RingWatch watch(ring, 1ms);
  const std::vector<StationId> inside = ring.active();
  const NodeId left = ring.id(ring.pick(inside));
  for (int i = 0; i < 3 + static_cast<int>(seed() % 4); ++i) {
    const Uint128 step = 1 + ring.random().below(1 << 20);
    ring.start(ring.add(NodeId(left.value() + step)), {ring.pick(inside)});
  }
  EXPECT_TRUE(settles(ring, 30s));
  EXPECT_TRUE(works(ring));
  EXPECT_TRUE(nothing_in(watch.claims(), ring));
}

/// Nobody is active yet but one: two joiners next to each other must not wait for each other.
TEST_P(SeededJoin, TwoJoinersOnARingOfOneDoNotWaitForEachOther) {
  Ring ring(setup(seed() + 3000));
  const StationId founder = ring.add();
  ring.start(founder, {});
  ring.start(ring.add(), {founder});
  ring.start(ring.add(), {founder});
  EXPECT_TRUE(settles(ring, 5s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededJoin, AllBrokersOfAClusterStartedAtOnceMakeOneRing) {
  Ring ring(setup(seed() + 4000));
  std::vector<StationId> seeds{ring.add(), ring.add(), ring.add()};
  for (int i = 0; i < 12; ++i) ring.add();
  for (StationId member = 0; member < ring.size(); ++member) {
    ring.start(member, seeds);
    ring.run_for(Duration(ring.random().below(100'000'000)));
  }
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
}

INSTANTIATE_TEST_SUITE_P(, SeededJoin, ::testing::ValuesIn(seeds(1, 8)), seed_name);

/// There every node announces each race notice again.
TEST(UnlikeWendy, AStormAtEightNodesDoesNotMultiplyMessages) {
  Ring ring(setup(5));
  ASSERT_TRUE(grown(ring, 1));
  const std::uint64_t before = ring.network().messages_sent();
  for (int i = 0; i < 7; ++i) ring.start(ring.add(), {0});
  ASSERT_TRUE(settles(ring, 20s));
  const std::uint64_t storm = ring.network().messages_sent() - before;
  // A joiner probes at most 7 others and is probed by them, more than once as views grow.
  EXPECT_LT(storm, 7u * 75u);
  ring.run_for(10s);
  const std::uint64_t then = ring.network().messages_sent();
  ring.run_for(10s);
  // At rest: a heartbeat to the left neighbour every 200 ms, and little else.
  EXPECT_LT(ring.network().messages_sent() - then, 8u * 10u * 5u * 2u);
}

TEST(RingJoin, AJoinCostsTheSameMessagesInALargeRingAsInAMiddlingOne) {
  Ring ring(setup(6));
  const auto cost_of_joins = [&](std::size_t count) {
    const std::uint64_t before =
        ring.network().messages_sent() - ring.sent_of<overlay::Heartbeat>();
    EXPECT_TRUE(grown(ring, count));
    return (ring.network().messages_sent() - ring.sent_of<overlay::Heartbeat>() - before) / count;
  };
  cost_of_joins(40);
  const std::uint64_t middling = cost_of_joins(20);
  cost_of_joins(100);
  const std::uint64_t large = cost_of_joins(20);
  EXPECT_LT(large, middling * 3);
  EXPECT_LT(large, 600u);
}

TEST(RingJoin, IdsAtBothEndsOfTheNumberLineAreNeighbours) {
  Ring ring(setup(7));
  ASSERT_TRUE(grown(ring, 20));
  const StationId lowest = ring.add(NodeId(0));
  const StationId highest = ring.add(NodeId(~Uint128{0}));
  ring.start(lowest, {0});
  ring.start(highest, {1});
  ASSERT_TRUE(settles(ring, 10s));
  EXPECT_EQ(ring.node(lowest).left_leaves().front().id(), ring.id(highest));
  EXPECT_TRUE(ring.node(lowest).is_root(Key(0)));
  EXPECT_TRUE(ring.node(highest).is_root(Key(~Uint128{0})));
  EXPECT_TRUE(works(ring, 200));
}

TEST(RingJoin, JoinsAcrossRegionsUseWanEndpointsAndMakeOneRing) {
  Ring ring(setup(8));
  for (const char* region : {"north", "south", "north", "south", "", "north"}) {
    const StationId next = ring.add(NodeId::random(ring.random()), region);
    ring.start(next, next == 0 ? std::vector<StationId>{} : std::vector<StationId>{next - 1});
    ring.run_for(1s);
  }
  EXPECT_TRUE(settles(ring, 10s));
  EXPECT_TRUE(works(ring));
}

TEST(RingJoin, ASeedListWithDeadEntriesIsNoObstacle) {
  Ring ring(setup(9));
  ASSERT_TRUE(grown(ring, 5));
  const StationId refuses = ring.add();
  ring.start(refuses, {0});
  ASSERT_TRUE(settles(ring, 10s));
  ring.kill(refuses, Death::kReported);
  const StationId dark = ring.add();
  ring.start(dark, {0});
  ASSERT_TRUE(settles(ring, 10s));
  ring.kill(dark, Death::kSilent);
  ring.start(ring.add(), {refuses, dark, 3});
  EXPECT_TRUE(settles(ring, 15s));
  EXPECT_TRUE(works(ring));
}

}  // namespace
}  // namespace phyllo::testing
