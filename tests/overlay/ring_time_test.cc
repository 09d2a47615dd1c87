#include <chrono>
#include <string>

#include "tests/overlay/ring_expectations.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

/// A run with something of everything; its text is everything that can be seen of it.
std::string run(std::uint64_t seed, Duration clock_spread) {
  Ring::Setup plan = setup(seed);
  plan.clock_spread = clock_spread;
  Ring ring(plan);
  ring.network().trace().keep(100'000);
  ring.grow(10);
  for (int i = 0; i < 5; ++i) ring.start(ring.add(), {static_cast<StationId>(i)});
  for (int i = 0; i < 20; ++i) ring.route(ring.pick(ring.active()), ring.random_key());
  ring.kill(3, Death::kSilent);
  ring.network().set_weather({.loss = 0.1, .duplication = 0.1});
  ring.run_for(3s);
  ring.leave(5);
  ring.start(3, {0});
  ring.network().pause(7);
  ring.run_for(5s);
  ring.network().resume(7);
  ring.run_for(5s);
  return ring.report(100'000);
}

/// Its nodes loop when their clocks differ.
TEST(UnlikeWendy, ClocksThatAreYearsApartChangeNothing) {
  const std::string together = run(1, Duration::zero());
  // The same random numbers are drawn for clocks that differ by little and by much.
  const std::string close = run(1, 1ns);
  const std::string apart = run(1, std::chrono::hours(24 * 365 * 20));
  EXPECT_FALSE(together.empty());
  EXPECT_EQ(close, apart);
}

TEST(UnlikeWendy, ClocksThatAreYearsApartKeepTheRingExact) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Ring::Setup plan = setup(seed);
    plan.clock_spread = std::chrono::hours(24 * 365 * 20);
    Ring ring(plan);
    ASSERT_TRUE(grown(ring, 15));
    EXPECT_TRUE(works(ring, 100));
    ring.kill(2, Death::kSilent);
    EXPECT_TRUE(settles(ring, 10s));
    ring.start(2, {0});
    EXPECT_TRUE(settles(ring, 10s));
    EXPECT_TRUE(works(ring, 100));
  }
}

TEST(RingTime, TheSameSeedMakesTheSameRunAndAnotherSeedAnotherOne) {
  const std::string first = run(2, Duration::zero());
  EXPECT_EQ(first, run(2, Duration::zero()));
  EXPECT_NE(first, run(3, Duration::zero()));
}

}  // namespace
}  // namespace phyllo::testing
