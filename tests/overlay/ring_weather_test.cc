#include <chrono>

#include "tests/overlay/ring_expectations.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using overlay::Key;

/// Sends messages of all members for a while; nothing of it may be lost or end at a wrong node.
Findings traffic(Ring& ring, int messages, Duration pause) {
  const std::size_t first = ring.routed().size();
  for (int i = 0; i < messages; ++i) {
    ring.route(ring.pick(ring.active()), ring.random_key());
    ring.run_for(pause);
  }
  ring.run_for(20s);
  Findings out;
  for (std::size_t i = first; i < ring.routed().size(); ++i) {
    const Routed& message = ring.routed()[i];
    if (message.deliveries.empty()) out.push_back("message " + std::to_string(i) + " is lost");
    for (const auto& delivery : message.deliveries) {
      if (delivery.closer) out.push_back("message " + std::to_string(i) + " at a wrong node");
    }
  }
  return out;
}

class SeededWeather : public SeededRing {};

TEST_P(SeededWeather, LossAndLatencySpikesRaiseNoFalseSuspicionAndLoseNoMessage) {
  Ring ring(setup(seed()));
  ASSERT_TRUE(grown(ring, 25));
  ring.network().set_weather({.loss = 0.05, .spike_chance = 0.02, .spike = 200ms});
  EXPECT_TRUE(nothing_in(traffic(ring, 200, 50ms), ring));
  EXPECT_EQ(losses(ring), "");
  EXPECT_TRUE(settles(ring, 5s));
}

/// Nodes that lost nothing for a while count on it, but not so much as to take the first losses for
/// deaths.
TEST_P(SeededWeather, LossesAfterALongCalmRaiseNoFalseSuspicion) {
  Ring ring(setup(seed() + 3000));
  ASSERT_TRUE(grown(ring, 30));
  ring.run_for(60s);
  ring.network().set_weather({.loss = 0.05});
  ring.run_for(30s);
  EXPECT_EQ(losses(ring), "");
}

TEST_P(SeededWeather, InAStormRingsBendAndDoNotBreak) {
  Ring ring(setup(seed() + 1000));
  ASSERT_TRUE(grown(ring, 25));
  RingWatch watch(ring, 20ms);
  ring.network().set_weather({.loss = 0.4, .spike_chance = 0.2, .spike = 1500ms});
  ring.run_for(20s);
  ring.network().set_weather({});
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
  EXPECT_TRUE(nothing_in(watch.structures(), ring));
}

TEST_P(SeededWeather, ATotalBlackoutEndsWell) {
  Ring ring(setup(seed() + 2000));
  ASSERT_TRUE(grown(ring, 20));
  ring.network().set_weather({.loss = 1.0});
  ring.run_for(Duration(ring.random().below(30'000'000'000)));
  ring.network().set_weather({});
  EXPECT_TRUE(settles(ring, 90s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededWeather, CrashesUnderLossAreRepaired) {
  Ring ring(setup(seed() + 3000));
  ASSERT_TRUE(grown(ring, 30));
  ring.network().set_weather({.loss = 0.05, .spike_chance = 0.02, .spike = 200ms});
  for (StationId member = 0; member < 10; ++member) {
    ring.kill(member * 2, member % 2 == 0 ? Death::kSilent : Death::kReported);
    ring.run_for(500ms);
  }
  EXPECT_TRUE(settles(ring, 60s));
}

INSTANTIATE_TEST_SUITE_P(, SeededWeather, ::testing::ValuesIn(seeds(1, 6)), seed_name);

TEST(RingWeather, TheWanProfileHoldsOverLongAndLossyLinks) {
  Ring::Setup plan = setup(1);
  plan.node.timers = overlay::Timers::wan();
  plan.plain = {.base = 2ms, .across = 150ms};
  Ring ring(plan);
  ring.network().set_weather({.loss = 0.02, .jitter = 0.3});
  ASSERT_TRUE(grown(ring, 25));
  EXPECT_TRUE(nothing_in(traffic(ring, 100, 200ms), ring));
  EXPECT_EQ(losses(ring), "");
  ring.kill(7, Death::kSilent);
  EXPECT_TRUE(settles(ring, 30s));
}

TEST(RingWeather, ThePaperProfileDetectsWithinAMinute) {
  Ring::Setup plan = setup(2);
  plan.node.timers = overlay::Timers::paper();
  plan.plain = {.base = 2ms, .across = 150ms};
  Ring ring(plan);
  ASSERT_TRUE(grown(ring, 25));
  ring.run_for(600s);
  ring.kill(7, Death::kSilent);
  EXPECT_TRUE(settles(ring, 120s));
  EXPECT_TRUE(works(ring));
}

}  // namespace
}  // namespace phyllo::testing
