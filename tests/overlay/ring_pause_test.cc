#include <algorithm>
#include <chrono>

#include "tests/overlay/ring_expectations.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using overlay::Key;

class SeededPause : public SeededRing {};

TEST_P(SeededPause, AStoppedNodeIsRoutedAroundAndTakenBackWhenItWakes) {
  Ring ring(setup(seed()));
  ASSERT_TRUE(grown(ring, 20));
  const StationId asleep = ring.pick(ring.running());
  std::vector<StationId> others = ring.running();
  std::erase(others, asleep);
  ring.network().pause(asleep);
  EXPECT_TRUE(settles(ring, others, 10s));
  EXPECT_TRUE(works(ring, others));
  ring.run_for(Duration(ring.random().below(60'000'000'000)));
  ring.network().resume(asleep);
  EXPECT_TRUE(settles(ring, 20s));
  EXPECT_TRUE(works(ring));
}

/// Ten silences long: the others know, it does not.
TEST_P(SeededPause, ANodeThatSleptServesNoKeyOfOthersWhenItWakes) {
  Ring ring(setup(seed() + 1000));
  ASSERT_TRUE(grown(ring, 12));
  const StationId asleep = ring.pick(ring.running());
  std::vector<StationId> others = ring.running();
  std::erase(others, asleep);
  ring.network().pause(asleep);
  ring.run_for(8s);
  RingWatch watch(ring, 1ms);  // its own old claim ends the moment it is called
  // Somebody new comes between it and its neighbour meanwhile.
  const StationId newcomer = ring.add(overlay::NodeId(ring.id(asleep).value() + 1));
  ring.start(newcomer, {ring.pick(others)});
  ring.run_for(2s);
  EXPECT_TRUE(ring.node(newcomer).active());
  ring.network().resume(asleep);
  const Key of_newcomer = Key::at(ring.id(newcomer));
  for (int i = 0; i < 500; ++i) {
    EXPECT_FALSE(ring.node(asleep).is_root(of_newcomer));
    ring.run_for(1ms);
  }
  EXPECT_TRUE(settles(ring, 20s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededPause, AShortNapGoesUnnoticed) {
  Ring ring(setup(seed() + 2000));
  ASSERT_TRUE(grown(ring, 12));
  for (int i = 0; i < 10; ++i) {
    const StationId asleep = ring.pick(ring.running());
    ring.network().pause(asleep);
    ring.run_for(ring.config().timers.heartbeat);
    ring.network().resume(asleep);
    ring.run_for(1s);
  }
  EXPECT_EQ(losses(ring), "");
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededPause, NapsOfEveryLengthEndWell) {
  Ring ring(setup(seed() + 3000));
  ASSERT_TRUE(grown(ring, 10));
  for (int i = 0; i < 12; ++i) {
    const StationId asleep = ring.pick(ring.running());
    ring.network().pause(asleep);
    ring.run_for(Duration(ring.random().below(4'000'000'000)));
    ring.network().resume(asleep);
    ring.run_for(Duration(ring.random().below(1'000'000'000)));
  }
  EXPECT_TRUE(settles(ring, 30s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededPause, MostNodesMaySleepAtOnce) {
  Ring ring(setup(seed() + 4000));
  ASSERT_TRUE(grown(ring, 20));
  for (StationId member = 0; member < 14; ++member) ring.network().pause(member);
  ring.run_for(20s);
  for (StationId member = 0; member < 14; ++member) {
    ring.network().resume(member);
    ring.run_for(Duration(ring.random().below(100'000'000)));
  }
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
}

/// A suspended laptop, or a virtual machine that was moved.
TEST_P(SeededPause, AllNodesMaySleepAtOnce) {
  Ring ring(setup(seed() + 5000));
  ASSERT_TRUE(grown(ring, 10));
  for (StationId member = 0; member < 10; ++member) ring.network().pause(member);
  ring.run_for(3600s);
  for (StationId member = 0; member < 10; ++member) ring.network().resume(member);
  EXPECT_TRUE(settles(ring, 30s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededPause, AJoinerMaySleepInTheMiddleOfItsJoin) {
  Ring ring(setup(seed() + 6000));
  ASSERT_TRUE(grown(ring, 10));
  const StationId joiner = ring.add();
  ring.start(joiner, {0});
  ring.run_for(Duration(ring.random().below(60'000'000)));
  ring.network().pause(joiner);
  ring.run_for(Duration(ring.random().below(20'000'000'000)));
  EXPECT_TRUE(nothing_in(check_structures(ring), ring));
  ring.network().resume(joiner);
  EXPECT_TRUE(settles(ring, 30s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededPause, MessagesSentToASleeperAreNotLost) {
  Ring ring(setup(seed() + 7000));
  ASSERT_TRUE(grown(ring, 20));
  ring.run_for(10s);
  const StationId asleep = ring.pick(ring.running());
  std::vector<StationId> others = ring.running();
  std::erase(others, asleep);
  ring.network().pause(asleep);
  for (int i = 0; i < 200; ++i) ring.route(ring.pick(others), ring.random_key());
  for (int i = 0; i < 20; ++i) ring.route(ring.pick(others), Key::at(ring.id(asleep)));
  ring.run_for(10s);
  for (const Routed& message : ring.routed()) {
    EXPECT_GE(message.deliveries.size(), 1u) << ring.report();
    if (message.deliveries.empty()) break;
  }
}

INSTANTIATE_TEST_SUITE_P(, SeededPause, ::testing::ValuesIn(seeds(1, 6)), seed_name);

}  // namespace
}  // namespace phyllo::testing
