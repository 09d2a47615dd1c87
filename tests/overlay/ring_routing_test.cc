#include <algorithm>
#include <chrono>

#include "overlay/key_range.h"
#include "tests/overlay/ring_expectations.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using overlay::Coordinate;
using overlay::Key;
using overlay::NodeId;
using overlay::Uint128;

/// Brings one message home and tells where it ended.
const Routed& send(Ring& ring, StationId from, Key key) {
  const std::uint64_t number = ring.route(from, key);
  ring.run_until([&] { return !ring.routed()[number].deliveries.empty(); }, 10s);
  return ring.routed()[number];
}

TEST(RingRouting, SpecialKeysEndAtTheirRootsFromEverywhere) {
  Ring ring(setup(1));
  const Uint128 half = Uint128{1} << 127;
  for (const Uint128 id : {Uint128{0}, Uint128{100}, Uint128{200}, half, half + 100, ~Uint128{0}}) {
    const StationId member = ring.add(NodeId(id));
    ring.start(member, member == 0 ? std::vector<StationId>{} : std::vector<StationId>{0});
    ring.run_for(500ms);
  }
  ASSERT_TRUE(settles(ring, 10s));
  // A key exactly between two nodes belongs to the one it is clockwise of.
  const std::vector<std::pair<Uint128, StationId>> expected{
      {0, 0},   {~Uint128{0}, 5},    {50, 0},        {51, 1},        {150, 1},      {151, 2},
      {100, 1}, {half, 3},           {half + 50, 3}, {half + 51, 4}, {half - 1, 3}, {half + 1, 3},
      {1, 0},   {~Uint128{0} - 1, 5}};
  for (const auto& [key, root] : expected) {
    for (const StationId from : ring.running()) {
      const Routed& message = send(ring, from, Key(key));
      ASSERT_TRUE(message.delivered_once()) << ring.report();
      EXPECT_EQ(message.deliveries[0].at, root) << Key(key).hex() << " from #" << from;
    }
  }
}

/// It ignores what it finds in its leaf set.
TEST(UnlikeWendy, AKeyInReachOfTheLeafSetIsOneHopAway) {
  Ring ring(setup(2));
  ASSERT_TRUE(grown(ring, 40));
  for (const StationId from : ring.running()) {
    for (const auto& leaf : ring.node(from).right_leaves()) {
      const Routed& message = send(ring, from, Key::at(leaf.id()));
      ASSERT_TRUE(message.delivered_once());
      EXPECT_EQ(message.deliveries[0].hops, 1u);
      EXPECT_EQ(ring.id(message.deliveries[0].at), leaf.id());
    }
  }
}

/// There a full queue drops what it has no room for. A link without room takes nothing here either;
/// but what it did not take is not acknowledged, and goes another way.
TEST(UnlikeFreePastry, MessagesForAFullLinkGoAnotherWay) {
  Ring ring(setup(12));
  ASSERT_TRUE(grown(ring, 60));
  ring.run_for(20s);
  int rerouted = 0;
  for (int i = 0; i < 100; ++i) {
    const StationId from = ring.pick(ring.running());
    const Key key = ring.random_key();
    const auto hop = ring.node(from).next_hop(key);
    const StationId root = root_among(ring, ring.running(), key);
    if (!hop || hop->id() == ring.id(root)) continue;
    StationId full = 0;
    while (ring.id(full) != hop->id()) ++full;
    ring.network().cut(from, full);
    const std::uint64_t number = ring.route(from, key);
    ring.run_for(400ms);
    ring.network().mend(from, full);
    const Routed& message = ring.routed()[number];
    ASSERT_TRUE(message.delivered_once()) << ring.report();
    EXPECT_EQ(message.deliveries[0].at, root);
    EXPECT_NE(message.path.front(), full);  // others may send it there: their links have room
    ++rerouted;
  }
  EXPECT_GT(rerouted, 20);
}

TEST(RingRouting, AMessageToItsOwnSenderCrossesNoLink) {
  Ring ring(setup(3));
  ASSERT_TRUE(grown(ring, 10));
  const std::uint64_t number = ring.route(4, Key::at(ring.id(4)));
  ASSERT_TRUE(ring.routed()[number].delivered_once());
  EXPECT_EQ(ring.routed()[number].deliveries[0].hops, 0u);
}

/// It has no limit of hops.
TEST(UnlikeWendy, AMessageThatCrossedTooManyLinksIsDroppedAndReported) {
  Ring ring(setup(4));
  ASSERT_TRUE(grown(ring, 50));
  overlay::NodeConfig strict = ring.config();
  strict.hop_limit = 1;
  ring.set_config(strict);
  ASSERT_TRUE(grown(ring, 1));  // this one passes nothing on that has crossed a link before
  const StationId last = 50;
  ring.run_for(60s);  // it gets into tables
  for (int i = 0; i < 2000; ++i) ring.route(ring.pick(ring.active()), ring.random_key());
  ring.run_for(5s);
  std::uint64_t dropped = 0;
  for (const Routed& message : ring.routed()) {
    EXPECT_TRUE(message.delivered_once() != message.undelivered.has_value());
    if (!message.undelivered) continue;
    EXPECT_EQ(message.undelivered, overlay::Undelivered::Reason::kHopLimit);
    ++dropped;
  }
  EXPECT_GT(dropped, 0u);
  EXPECT_EQ(ring.node(last).stats().hop_limit_drops, dropped);
}

TEST(RingRouting, DirectMessagesArriveInOrder) {
  Ring ring(setup(5));
  ASSERT_TRUE(grown(ring, 5));
  for (int i = 0; i < 50; ++i) {
    ring.network().call(1, [&](Time now) {
      ring.member(1).send_direct(now, ring.contact(3), {std::to_string(i), {}});
    });
  }
  ring.run_for(1s);
  ASSERT_EQ(ring.member(3).received().size(), 50u);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(ring.member(3).received()[i].message.header, std::to_string(i));
    EXPECT_EQ(ring.member(3).received()[i].from.id(), ring.id(1));
  }
}

TEST(RingRouting, ReplicaSetsAreTheClosestNodes) {
  Ring ring(setup(6));
  ASSERT_TRUE(grown(ring, 40));
  for (int i = 0; i < 50; ++i) {
    const Key key = ring.random_key();
    std::vector<StationId> order = ring.running();
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return closer(key, ring.id(a), ring.id(b)); });
    const auto replicas = ring.node(order[0]).replica_set(key, 5);
    ASSERT_EQ(replicas.size(), 5u);
    for (int j = 0; j < 5; ++j) EXPECT_EQ(replicas[j].id(), ring.id(order[j]));
  }
}

TEST(RingRouting, AReplicaKnowsWhichOneIsNearestToWhoeverAsks) {
  Ring ring(setup(8));
  ASSERT_TRUE(grown(ring, 40));
  constexpr std::size_t kReplicas = 5;
  int nearest = 0;
  constexpr int kAsked = 200;
  for (int i = 0; i < kAsked; ++i) {
    const Key key = ring.random_key();
    std::vector<StationId> order = ring.running();
    const StationId sender = ring.pick(order);
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return closer(key, ring.id(a), ring.id(b)); });
    order.resize(kReplicas);
    const auto& asked = ring.node(order[static_cast<std::size_t>(i) % kReplicas]);
    const auto chosen = asked.nearest_replica(key, kReplicas, ring.node(sender).coordinate());
    ASSERT_TRUE(chosen);
    const auto way = [&](StationId to) { return ring.network().latency(sender, to); };
    const StationId best = *std::ranges::min_element(order, {}, way);
    const auto in_set = [&](StationId id) { return ring.id(id) == chosen->id(); };
    EXPECT_TRUE(std::ranges::any_of(order, in_set));
    if (chosen->id() == ring.id(best)) ++nearest;
    EXPECT_FALSE(asked.nearest_replica(key, kReplicas, Coordinate()));
  }
  EXPECT_GT(nearest, kAsked * 4 / 5);  // a fifth by chance
}

/// FreePastry's ring regression: grow, look, kill, repair, look again.
class RingRegression : public ::testing::TestWithParam<std::size_t> {};

TEST_P(RingRegression, FiveHundredNodesStayExactThroughGrowthAndAHundredDeaths) {
  Ring::Setup plan = setup(7);
  plan.node.timers = overlay::Timers::wan();
  Ring ring(plan);
  ring.network().trace().keep(0);
  ASSERT_TRUE(ring.grow(1));
  const std::size_t at_once = GetParam();
  while (ring.size() < 500 / kShrink) {
    const std::vector<StationId> inside = ring.active();
    for (std::size_t i = 0; i < at_once; ++i) ring.start(ring.add(), {ring.pick(inside)});
    ASSERT_TRUE(ring.run_until([&] { return ring.all_active(); }, 60s));
    if (ring.size() % 50 == 1) {
      ASSERT_TRUE(settles(ring, 10s));
    }
    EXPECT_TRUE(nothing_in(check_delivery(ring, ring.active(), 2, 5s), ring));
  }
  EXPECT_TRUE(settles(ring, 10s));
  EXPECT_TRUE(nothing_in(check_tables(ring, ring.running(), 0.9), ring));
  for (std::size_t i = 0; i < 100 / kShrink; ++i)
    ring.kill(ring.pick(ring.running()), Death::kReported);
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(nothing_in(check_delivery(ring, ring.running(), 500), ring));
  ring.run_for(120s);
  EXPECT_TRUE(nothing_in(check_tables(ring, ring.running(), 0.9), ring));
}

INSTANTIATE_TEST_SUITE_P(, RingRegression, ::testing::Values(1, 10));

}  // namespace
}  // namespace phyllo::testing
