// Cases as data: dealt by a seed, written, read back, refused.

#include "sim/swarm/swarm_case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(SwarmCase, IsReadBackAsItWasWritten) {
  std::size_t steps = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const SwarmCase swarm = SwarmCase::deal(seed, {});
    EXPECT_TRUE(check_steps(swarm).ok());
    const auto read = parse_steps(to_text(swarm.steps));
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, swarm.steps);
    steps += swarm.steps.size();
  }
  EXPECT_GT(steps, 2000u);
}

TEST(SwarmCase, IsTheSameForTheSameSeed) {
  EXPECT_EQ(SwarmCase::deal(7, {}).steps, SwarmCase::deal(7, {}).steps);
  EXPECT_NE(SwarmCase::deal(7, {}).steps, SwarmCase::deal(8, {}).steps);
}

TEST(SwarmCase, HasEveryKindOfStepInSomeSeed) {
  std::set<std::size_t> faults;
  std::set<std::size_t> deeds;
  std::size_t calm = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const SwarmCase swarm = SwarmCase::deal(seed, {});
    calm += !swarm.has_faults();
    for (const Step& step : swarm.steps) {
      if (const auto* fault = std::get_if<Fault>(&step.what)) {
        faults.insert(fault->index());
      } else {
        deeds.insert(std::get<Deed>(step.what).what.index());
      }
    }
  }
  EXPECT_EQ(faults.size(), std::variant_size_v<Fault> - 1) << "all but Heal, which ends each run";
  EXPECT_EQ(deeds.size(), std::variant_size_v<decltype(Deed::what)>);
  EXPECT_GT(calm, 10u);
}

TEST(SwarmCase, KeepsToItsBounds) {
  const SwarmCase::Bounds small{.brokers = 6, .programs = 3, .faults = 2, .length = 2s};
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const SwarmCase swarm = SwarmCase::deal(seed, small);
    EXPECT_LE(swarm.brokers, 6u);
    EXPECT_LE(swarm.programs.size(), 3u);
    EXPECT_LE(swarm.length(), 20s) << "no fault lasts longer than some seconds";
  }
}

TEST(SwarmSteps, SayWhatWasExpectedAndWhere) {
  const auto error = [](const char* text) {
    const auto steps = parse_steps(text);
    return steps.ok() ? "no error" : steps.error().message;
  };
  EXPECT_EQ(error("1s program 2 leaves\n1s crash 3 silent # bang"), "no error");
  EXPECT_EQ(error("\n1s program 2 flies"), "line 2: no program 'flies'");
  EXPECT_EQ(error("1s program x leaves"), "line 1: expected the number of a program, not 'x'");
  EXPECT_THAT(error("1s program 1 subscribes a//b policy conflate credit 1 queue 1"),
              HasSubstr("expected a topic, not 'a//b'"));
  EXPECT_THAT(error("1s program 1 subscribes a policy hope credit 1 queue 1"),
              HasSubstr("there is no policy 'hope'"));
  EXPECT_THAT(error("1s program 1 publishes a 0 batches of 1 every 1s"), HasSubstr("1 to 1000000"));
  EXPECT_THAT(error("1s rain"), HasSubstr("there is no fault 'rain'"));
  EXPECT_THAT(error("now program 1 leaves"), HasSubstr("a time in seconds"));
}

TEST(SwarmSteps, AreRefusedWhenTheyNameNobody) {
  SwarmCase swarm = SwarmCase::deal(3, {});
  swarm.steps = {{1s, Deed{swarm.programs.size(), Leaves{}}}};
  ASSERT_FALSE(check_steps(swarm).ok());
  EXPECT_THAT(check_steps(swarm).error().message, HasSubstr("there are programs 0 to"));
  swarm.steps = {{1s, Fault{Restart{static_cast<StationId>(swarm.machines)}}}};
  ASSERT_FALSE(check_steps(swarm).ok());
  EXPECT_THAT(check_steps(swarm).error().message, HasSubstr("there are brokers 0 to"));
}

}  // namespace
}  // namespace phyllo::sim
