#include <algorithm>
#include <chrono>

#include "overlay/key_range.h"
#include "tests/overlay/ring_expectations.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using overlay::Key;
using overlay::NodeId;
using overlay::Uint128;

/// Every message of the run that `member` or anybody else sent is delivered exactly once.
Findings undelivered(const Ring& ring) {
  Findings out;
  for (const Routed& message : ring.routed()) {
    if (message.delivered_once()) continue;
    out.push_back("message to " + message.key.hex() + " of " + ring.id(message.from).short_hex() +
                  " was delivered " + std::to_string(message.deliveries.size()) + " times");
  }
  return out;
}

class SeededJoinFaults : public SeededRing {};

TEST_P(SeededJoinFaults, AJoinerThatDiesAtAnyMomentLeavesNoTrace) {
  Ring ring(setup(seed()));
  ASSERT_TRUE(grown(ring, 12));
  for (int i = 0; i < 12; ++i) {
    const StationId joiner = ring.add();
    ring.start(joiner, {ring.pick(ring.active())});
    ring.run_for(Duration(ring.random().below(60'000'000)));
    ring.kill(joiner, i % 2 == 0 ? Death::kSilent : Death::kReported);
  }
  EXPECT_TRUE(settles(ring, 15s));
  EXPECT_TRUE(works(ring));
  const StationId after = ring.add();
  ring.start(after, {0});
  EXPECT_TRUE(settles(ring, 10s)) << "the dead joiners still hold the admission";
}

TEST_P(SeededJoinFaults, TheRootOfTheJoinMayDieAtAnyMoment) {
  Ring ring(setup(seed() + 1000));
  ASSERT_TRUE(grown(ring, 20));
  for (int i = 0; i < 6; ++i) {
    const StationId joiner = ring.add();
    std::vector<StationId> inside = ring.active();
    const StationId root = root_among(ring, inside, Key::at(ring.id(joiner)));
    std::erase(inside, root);
    ring.start(joiner, {ring.pick(inside)});
    ring.run_for(Duration(ring.random().below(60'000'000)));
    ring.kill(root, i % 2 == 0 ? Death::kSilent : Death::kReported);
    EXPECT_TRUE(settles(ring, 20s)) << "joiner #" << joiner << " root #" << root;
  }
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededJoinFaults, TheSeedMayDieAtAnyMomentWhenThereIsAnother) {
  Ring ring(setup(seed() + 2000));
  ASSERT_TRUE(grown(ring, 12));
  for (int i = 0; i < 4; ++i) {
    const std::vector<StationId> inside = ring.active();
    const StationId joiner = ring.add();
    const StationId seed = inside[0];
    ring.start(joiner, {seed, inside[1]});
    ring.run_for(Duration(ring.random().below(40'000'000)));
    ring.kill(seed, i % 2 == 0 ? Death::kSilent : Death::kReported);
    EXPECT_TRUE(settles(ring, 20s));
  }
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededJoinFaults, JoinsSucceedWhileAFifthOfAllMessagesIsLost) {
  Ring ring(setup(seed() + 3000));
  ASSERT_TRUE(grown(ring, 10));
  ring.network().set_weather({.loss = 0.2});
  for (int i = 0; i < 10; ++i) ring.start(ring.add(), {ring.pick(ring.active())});
  ring.run_for(20s);
  ring.network().set_weather({});
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededJoinFaults, JoinersAndCrashesAtOnceEndInOneRing) {
  Ring ring(setup(seed() + 4000));
  ASSERT_TRUE(grown(ring, 30));
  const std::vector<StationId> old = ring.active();
  for (int i = 0; i < 10; ++i) {
    ring.start(ring.add(), {old[20 + i]});
    ring.kill(old[2 * i], i % 2 == 0 ? Death::kSilent : Death::kReported);
    ring.run_for(Duration(ring.random().below(20'000'000)));
  }
  EXPECT_TRUE(settles(ring, 40s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededJoinFaults, WhatAJoinerSendsBeforeItIsActiveGoesOutOnce) {
  Ring ring(setup(seed() + 6000));
  ASSERT_TRUE(grown(ring, 10));
  const StationId joiner = ring.add();
  ring.start(joiner, {0});
  for (int i = 0; i < 40; ++i) {
    ring.route(joiner, ring.random_key());
    ring.route(joiner, Key::at(ring.id(joiner)));
    ring.run_for(1ms);
  }
  EXPECT_TRUE(settles(ring, 20s));
  ring.run_for(5s);
  EXPECT_TRUE(nothing_in(undelivered(ring), ring));
}

INSTANTIATE_TEST_SUITE_P(, SeededJoinFaults, ::testing::ValuesIn(seeds(1, 6)), seed_name);

class UnlikeWendyWhileJoining : public SeededRing {};

/// There half-joined nodes swallow what reaches them.
TEST_P(UnlikeWendyWhileJoining, MessagesToHalfJoinedNodesAreNeverSwallowed) {
  Ring ring(setup(seed() + 5000));
  ASSERT_TRUE(grown(ring, 10));
  for (int i = 0; i < 8; ++i) {
    const std::vector<StationId> inside = ring.active();
    const StationId joiner = ring.add();
    ring.start(joiner, {ring.pick(inside)});
    for (int j = 0; j < 60; ++j) {  // into the joiner's own key range, all through its join
      ring.route(ring.pick(inside), Key(ring.id(joiner).value() + ring.random().below(1000)));
      ring.run_for(1ms);
    }
  }
  EXPECT_TRUE(settles(ring, 20s));
  ring.run_for(5s);
  EXPECT_TRUE(nothing_in(undelivered(ring), ring));
  for (const Routed& message : ring.routed()) {
    for (const auto& delivery : message.deliveries) {
      EXPECT_FALSE(delivery.closer) << "delivered past the root " << delivery.closer->hex();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, UnlikeWendyWhileJoining, ::testing::ValuesIn(seeds(1, 6)), seed_name);

TEST(RingJoinFaults, ALeaveRacingAJoinNextDoorIsNoProblem) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Ring ring(setup(seed));
    ASSERT_TRUE(grown(ring, 6));
    std::vector<StationId> inside = ring.active();
    const StationId leaver = ring.pick(inside);
    std::erase(inside, leaver);
    const StationId joiner = ring.add(NodeId(ring.id(leaver).value() + 1));
    ring.start(joiner, {ring.pick(inside)});
    ring.run_for(seed * 2ms);
    ring.leave(leaver);
    EXPECT_TRUE(settles(ring, 10s)) << "seed " << seed;
    EXPECT_TRUE(works(ring));
  }
}

TEST(RingJoinFaults, OneJoinerCutOffFromOneLeafStillDecides) {
  Ring ring(setup(11));
  ASSERT_TRUE(grown(ring, 6));
  const StationId joiner = ring.add();
  ring.network().cut_both_ways(joiner, 2);
  ring.start(joiner, {0});
  ring.run_for(20s);
  ring.network().mend_all();
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
}

}  // namespace
}  // namespace phyllo::testing
