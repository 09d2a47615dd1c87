#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/experiment/heal.h"
#include "sim/experiment/mass_failure.h"
#include "sim/experiment/mass_failure_run.h"
#include "sim/experiment/survivors.h"
#include "tests/support/seeds.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

class Unseen final : public Progress {
 public:
  void update(const Advance&) override {}
};

template <class Found>
Found run_one(const Runs& runs, const std::function<Found(std::uint64_t, SeedProgress&)>& run) {
  Unseen progress;
  return run_seeds<Found>(runs, progress, run).front();
}

MassFailureSetup small() {
  MassFailureSetup setup;
  setup.runs = {{testing::seed_or(1)}, 1};
  setup.nodes = 150;
  setup.subscribers = 60;
  setup.lookups = 20;
  setup.node.timers = overlay::Timers::wan();
  setup.forest = multicast::ForestConfig::wan();
  return setup;
}

TEST(MassFailure, OfHalfTheNodesLeavesOneRingThatLosesNothing) {
  const MassFailureSetup setup = small();
  const auto found =
      run_one<MassFailureFindings>(setup.runs, [&](std::uint64_t seed, SeedProgress& progress) {
        return run_mass_failure_case(setup, .5, seed, progress);
      });
  EXPECT_GT(found.worst, .2);  // at first most lookups meet the dead
  ASSERT_TRUE(found.one_ring_seconds) << "seed " << setup.runs.seeds[0];
  ASSERT_TRUE(found.exact_seconds) << "seed " << setup.runs.seeds[0];
  EXPECT_LE(*found.one_ring_seconds, *found.exact_seconds);
  EXPECT_LT(*found.exact_seconds, 60);
  ASSERT_TRUE(found.recovered_seconds);
  EXPECT_LT(*found.recovered_seconds, 60);
  EXPECT_EQ(found.never, 0u);
}

/// Most of them have lost a whole side of their leaf set, and some know nobody else who lives.
TEST(MassFailure, OfNineteenNodesInTwentyLeavesOneRing) {
  MassFailureSetup setup = small();
  setup.nodes = 800;
  setup.lookups = 1;
  setup.limit = 3min;
  const auto found =
      run_one<MassFailureFindings>(setup.runs, [&](std::uint64_t seed, SeedProgress& progress) {
        return run_mass_failure_case(setup, .95, seed, progress);
      });
  ASSERT_TRUE(found.exact_seconds) << "seed " << setup.runs.seeds[0];
  EXPECT_LT(*found.exact_seconds, 90) << "seed " << setup.runs.seeds[0];
}

/// Not only the direct neighbours: soon all leaves are who they should be, not minutes later when
/// chance brings two leaf sets together.
TEST(MassFailure, LeavesNoLeafSetInexactForLong) {
  MassFailureSetup setup = small();
  setup.nodes = 200;
  setup.lookups = 1;
  setup.node.timers = overlay::Timers::paper();
  const auto found =
      run_one<MassFailureFindings>(setup.runs, [&](std::uint64_t seed, SeedProgress& progress) {
        return run_mass_failure_case(setup, .5, seed, progress);
      });
  ASSERT_TRUE(found.exact_seconds) << "seed " << setup.runs.seeds[0];
  EXPECT_LT(*found.exact_seconds, 240) << "seed " << setup.runs.seeds[0];
}

TEST(MassFailure, OfNineInTenLeavesATreeThatReachesAllSurvivors) {
  const MassFailureSetup setup = small();
  const auto found =
      run_one<SurvivorFindings>(setup.runs, [&](std::uint64_t seed, SeedProgress& progress) {
        return run_survivors(setup, .9, seed, progress);
      });
  EXPECT_EQ(found.reached, 1) << "seed " << setup.runs.seeds[0];
  ASSERT_TRUE(found.seconds);
  EXPECT_LT(*found.seconds, 120);
  EXPECT_GE(found.publications.size(), 30u);
}

TEST(MassFailure, IsReportedBesideWhatWasPublished) {
  MassFailureSetup setup = small();
  setup.nodes = setup.subscribers = 30;
  setup.shares = {.5, .8};
  Unseen progress;
  const Report report = run_mass_failure(setup, progress);
  EXPECT_THAT(report.violations, IsEmpty());
  ASSERT_EQ(report.tables.size(), 3u);
  EXPECT_EQ(report.tables[1].rows.size(), 2u);
  for (const Table& table : report.tables) {
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.title;
  }
}

TEST(Heal, MakesOneRingOfTwoHoweverSmallOneIs) {
  HealSetup setup;
  setup.runs = {{testing::seed_or(1)}, 1};
  setup.nodes = 60;
  setup.shares = {.05, .5};
  setup.durations = {20s, 2min};
  Unseen progress;
  const Report report = run_heal(setup, progress);
  EXPECT_THAT(report.violations, IsEmpty());
  ASSERT_EQ(report.tables.size(), 1u);
  ASSERT_EQ(report.tables[0].rows.size(), 4u);
  for (const auto& row : report.tables[0].rows) {
    ASSERT_TRUE(std::holds_alternative<double>(row[3]));
    EXPECT_LT(std::get<double>(row[3]), 300);
  }
  EXPECT_EQ(report.plots[0].lines.size(), 2u);
}

}  // namespace
}  // namespace phyllo::sim
