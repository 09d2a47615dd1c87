// Plans carried out on a cluster: each fault does what it says, and ends.

#include "sim/fault/fault_injector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/fault/disasters.h"
#include "sim/fault/fault_text.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::SizeIs;

class FaultInjectorTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(cluster_.grow(8)); }

  bool knows(StationId one, StationId other) {
    for (const auto& leaf : cluster_.broker(one).node().left_leaves()) {
      if (leaf.id() == cluster_.id(other)) return true;
    }
    return false;
  }
  bool all_know_each_other() {
    for (const StationId one : cluster_.running()) {
      for (const StationId other : cluster_.running()) {
        if (one != other && !knows(one, other)) return false;
      }
    }
    return true;
  }
  bool together_within(Duration limit) {
    return cluster_.run_until([&] { return cluster_.all_active() && all_know_each_other(); },
                              limit);
  }

  Cluster cluster_{{.seed = 1}};
  FaultInjector faults_{cluster_, {0, 1, 2}};
};

TEST_F(FaultInjectorTest, CrashesRestartsAndDrainsWhenItIsTime) {
  faults_.carry_out({{1s, Crash{3, Death::kSilent}},
                     {2s, Crash{4, Death::kReported}},
                     {3s, Restart{3}},
                     {4s, Drain{5}}});
  cluster_.run_for(1500ms);
  EXPECT_THAT(cluster_.running(), SizeIs(7));
  cluster_.run_for(1s);
  EXPECT_THAT(cluster_.running(), SizeIs(6));
  cluster_.run_for(1s);
  EXPECT_TRUE(cluster_.running(3));
  EXPECT_TRUE(cluster_.run_until([&] { return !cluster_.running(5); }, 20s));
  EXPECT_TRUE(together_within(20s));
  EXPECT_EQ(faults_.applied(), 4u);
}

TEST_F(FaultInjectorTest, LeavesOutWhatCannotBeDone) {
  faults_.carry_out({{1s, Restart{3}}, {2s, Crash{3, Death::kReported}}, {3s, Pause{3, 1s}}});
  cluster_.run_for(5s);
  EXPECT_EQ(faults_.applied(), 1u);
  EXPECT_EQ(faults_.left_out(), 2u);
}

TEST_F(FaultInjectorTest, KillsTheSameShareEveryTime) {
  faults_.apply(MassCrash{0.5, Death::kSilent, 7});
  const auto survivors = cluster_.running();
  EXPECT_THAT(survivors, SizeIs(4));
  Cluster again({.seed = 1});
  ASSERT_TRUE(again.grow(8));
  FaultInjector(again, {}).apply(MassCrash{0.5, Death::kSilent, 7});
  EXPECT_EQ(again.running(), survivors);
}

TEST_F(FaultInjectorTest, CutsAGroupOffAndLetsItBack) {
  for (const Cut cut : {Cut::kBothWays, Cut::kMute, Cut::kDeaf}) {
    faults_.apply(Partition{{1, 2, 3}, cut, 8s});
    EXPECT_TRUE(cluster_.run_until([&] { return !knows(0, 1) && !knows(1, 0); }, 8s));
    EXPECT_TRUE(knows(1, 2)) << "its members hear each other";
    EXPECT_FALSE(faults_.calm());
    EXPECT_TRUE(together_within(60s));
    EXPECT_TRUE(faults_.calm());
  }
}

TEST_F(FaultInjectorTest, LetsOverlappingPartitionsEndOneAfterTheOther) {
  faults_.apply(Partition{{1, 2, 3}, Cut::kBothWays, 5s});
  faults_.apply(Partition{{3, 4}, Cut::kBothWays, 10s});
  cluster_.run_for(9s);
  EXPECT_TRUE(knows(1, 0));
  EXPECT_FALSE(knows(3, 0));
  EXPECT_FALSE(knows(3, 2));
  EXPECT_TRUE(knows(3, 4));
  EXPECT_TRUE(together_within(60s));
}

TEST_F(FaultInjectorTest, WakesThePausedAndLetsTheirProgramsGoElsewhere) {
  Program& program = cluster_.program(3);
  cluster_.run_for(100ms);
  faults_.apply(Pause{3, 4s});
  cluster_.run_for(3s);
  EXPECT_TRUE(cluster_.network().paused(3));
  EXPECT_EQ(program.moves(), 1u);
  cluster_.run_for(2s);
  EXPECT_FALSE(cluster_.network().paused(3));
  EXPECT_TRUE(together_within(20s));
}

TEST_F(FaultInjectorTest, HealsEverythingAtOnce) {
  faults_.apply(Pause{3, 100s});
  faults_.apply(Partition{{1, 2}, Cut::kBothWays, 100s});
  faults_.apply(Loss{1, 100s});
  faults_.apply(Clog{0, 5, 100s});
  cluster_.run_for(1s);
  faults_.apply(Heal{});
  EXPECT_TRUE(faults_.calm());
  EXPECT_TRUE(together_within(60s));
}

TEST_F(FaultInjectorTest, CorruptedMessagesAreTold) {
  faults_.apply(Corruption{0.5, 3s});
  cluster_.run_for(3s);
  std::uint64_t altered = 0;
  for (const StationId id : cluster_.running()) {
    altered += cluster_.broker(id).stats().altered_peer_messages;
    EXPECT_EQ(cluster_.broker(id).stats().malformed_peer_messages, 0u);
  }
  EXPECT_GT(altered, 0u);
  EXPECT_TRUE(together_within(60s));
}

TEST(ClogWave, ReleasesLinksInAnotherOrderThanItClogsThem) {
  Random random(5);
  const FaultPlan wave = clog_wave(random, 12, 10s, 4s);
  ASSERT_GT(wave.size(), 4u);
  std::size_t overtaken = 0;
  Duration latest_end{};
  for (std::size_t i = 0; i < wave.size(); ++i) {
    EXPECT_GE(wave[i].at, i == 0 ? 10s : wave[i - 1].at);
    const Duration end = wave[i].at + std::get<Clog>(wave[i].what).lasts;
    EXPECT_LE(end, 14s);
    overtaken += end < latest_end;
    latest_end = std::max(latest_end, end);
  }
  EXPECT_GT(overtaken, 0u);
  EXPECT_TRUE(check_plan(wave, 12).ok());
}

}  // namespace
}  // namespace phyllo::sim
