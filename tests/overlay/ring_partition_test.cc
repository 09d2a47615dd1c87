#include <algorithm>
#include <chrono>

#include "tests/overlay/ring_expectations.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using overlay::Key;
using overlay::NodeId;

std::vector<StationId> range(StationId from, StationId to) {
  std::vector<StationId> members;
  for (StationId member = from; member < to; ++member) members.push_back(member);
  return members;
}

class SeededPartition : public SeededRing {};

TEST_P(SeededPartition, BothSidesServeTheirOwnAndOneRingIsBackAfterTheHeal) {
  Ring ring(setup(seed()));
  ASSERT_TRUE(grown(ring, 24));
  RingWatch watch(ring, 20ms);
  // A smaller side may consist of nodes that never heard of each other.
  const StationId split = 8 + static_cast<StationId>(ring.random().below(9));
  for (const StationId member : range(split, 24)) ring.network().put_on_side(member, 1);
  EXPECT_TRUE(settles(ring, range(0, split), 30s));
  EXPECT_TRUE(settles(ring, range(split, 24), 30s));
  EXPECT_TRUE(works(ring, range(0, split), 20));
  EXPECT_TRUE(works(ring, range(split, 24), 20));
  ring.run_for(Duration(ring.random().below(60'000'000'000)));
  ring.network().mend_all();
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
  EXPECT_TRUE(nothing_in(watch.structures(), ring));
}

TEST_P(SeededPartition, AShortCutHealsWithoutATrace) {
  Ring ring(setup(seed() + 1000));
  ASSERT_TRUE(grown(ring, 20));
  for (int i = 0; i < 5; ++i) {
    for (const StationId member : range(0, 20)) {
      if (ring.random().chance(0.5)) ring.network().put_on_side(member, 1);
    }
    ring.run_for(Duration(ring.random().below(3'000'000'000)));
    ring.network().mend_all();
    ring.run_for(Duration(ring.random().below(1'000'000'000)));
  }
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededPartition, ThreeSidesComeTogetherAgain) {
  Ring ring(setup(seed() + 2000));
  ASSERT_TRUE(grown(ring, 30));
  for (const StationId member : range(0, 30)) {
    ring.network().put_on_side(member, static_cast<int>(member % 3));
  }
  ring.run_for(30s);
  ring.network().mend_all();
  EXPECT_TRUE(settles(ring, 90s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededPartition, OneNodeCutOffForLongComesBack) {
  Ring ring(setup(seed() + 3000));
  ASSERT_TRUE(grown(ring, 20));
  const StationId alone = ring.pick(ring.running());
  ring.network().put_on_side(alone, 1);
  std::vector<StationId> others = ring.running();
  std::erase(others, alone);
  EXPECT_TRUE(settles(ring, others, 20s));
  ring.run_for(120s);
  ring.network().mend_all();
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededPartition, RingsFoundedApartUniteOnceTheyKnowOfEachOther) {
  Ring ring(setup(seed() + 4000));
  for (StationId member = 0; member < 24; ++member) {
    ring.add();
    ring.network().put_on_side(member, member % 2 == 0 ? 0 : 1);
  }
  // Two data centres with the same list of seeds, not connected yet.
  for (StationId member = 0; member < 24; ++member) {
    ring.start(member, {0, 1});
    ring.run_for(100ms);
  }
  std::vector<StationId> even = ring.running();
  std::erase_if(even, [](StationId m) { return m % 2 == 1; });
  EXPECT_TRUE(settles(ring, even, 30s));
  ring.network().mend_all();
  EXPECT_TRUE(settles(ring, 120s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededPartition, MembersMayJoinLeaveAndDieOnBothSides) {
  Ring ring(setup(seed() + 5000));
  ASSERT_TRUE(grown(ring, 24));
  for (const StationId member : range(12, 24)) ring.network().put_on_side(member, 1);
  ring.run_for(10s);
  for (int i = 0; i < 3; ++i) {
    ring.start(ring.add(), {0});
    const StationId other = ring.add();
    ring.network().put_on_side(other, 1);
    ring.start(other, {12});
    ring.kill(3 + i, Death::kSilent);
    ring.leave(15 + i);
    ring.run_for(2s);
  }
  ring.network().mend_all();
  EXPECT_TRUE(settles(ring, 90s));
  EXPECT_TRUE(works(ring));
}

/// i and j do not reach each other, everybody else reaches both.
TEST_P(SeededPartition, APairWithoutALinkHarmsNobodyElse) {
  Ring ring(setup(seed() + 6000));
  ASSERT_TRUE(grown(ring, 20));
  const StationId one = ring.pick(ring.running());
  const StationId two = (one + 7) % 20;
  ring.network().cut_both_ways(one, two);
  ring.run_for(60s);
  for (const StationId member : ring.running()) EXPECT_TRUE(ring.node(member).active());
  std::vector<StationId> senders = ring.running();
  std::erase(senders, one);
  std::erase(senders, two);
  // Every key but those of the two is brought to its root from everywhere.
  const std::size_t first = ring.routed().size();
  for (int i = 0; i < 100; ++i) ring.route(ring.pick(senders), ring.random_key());
  ring.run_for(10s);
  int missing = 0;
  for (std::size_t i = first; i < ring.routed().size(); ++i) {
    missing += ring.routed()[i].deliveries.empty();
  }
  EXPECT_EQ(missing, 0) << ring.report();
  ring.network().mend_all();
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededPartition, OneWayLinksComeToRestAfterTheyAreMended) {
  Ring ring(setup(seed() + 7000));
  ASSERT_TRUE(grown(ring, 20));
  for (int i = 0; i < 6; ++i) {
    const StationId from = ring.pick(ring.running());
    const StationId to = ring.pick(ring.running());
    if (from != to) ring.network().cut(from, to);
  }
  const StationId deaf = ring.pick(ring.running());
  for (const StationId other : ring.running()) {
    if (other != deaf) ring.network().cut(other, deaf);
  }
  ring.run_for(30s);
  ring.network().mend_all();
  EXPECT_TRUE(settles(ring, 90s));
  EXPECT_TRUE(works(ring));
}

INSTANTIATE_TEST_SUITE_P(, SeededPartition, ::testing::ValuesIn(seeds(1, 8)), seed_name);

/// Every probe and every answer carries hearsay of deaths; if each piece of it made a probe, the
/// answers would make more of them, for ever.
TEST(RingPartition, RumoursDoNotMultiplyMessages) {
  Ring ring(setup(1004));
  ASSERT_TRUE(grown(ring, 20));
  const std::uint64_t before = ring.network().messages_sent();
  for (int i = 0; i < 5; ++i) {
    for (const StationId member : range(0, 20)) {
      if (ring.random().chance(0.5)) ring.network().put_on_side(member, 1);
    }
    ring.run_for(2s);
    ring.network().mend_all();
    ring.run_for(1s);
  }
  // 220,000 with the loop, 13,000 without.
  EXPECT_LT(ring.network().messages_sent() - before, 30'000u);
}

TEST(RingPartition, ABrokenConnectionBetweenTwoLiveNodesIsNotADeath) {
  Ring ring(setup(1));
  ASSERT_TRUE(grown(ring, 12));
  for (int i = 0; i < 50; ++i) {
    const StationId one = ring.pick(ring.running());
    const StationId two = ring.pick(ring.running());
    if (one != two) ring.network().break_link(one, two);
    ring.run_for(30ms);
  }
  EXPECT_EQ(losses(ring), "");
  EXPECT_TRUE(works(ring));
}

}  // namespace
}  // namespace phyllo::testing
