#include "sim/experiment/pastry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "sim/experiment/pastry_failures.h"
#include "sim/experiment/pastry_growth.h"
#include "sim/experiment/pastry_replicas.h"
#include "sim/experiment/published.h"
#include "tests/support/seeds.h"

namespace phyllo::sim {
namespace {

using ::testing::IsEmpty;
using Part = PastrySetup::Part;

class Unseen final : public Progress {
 public:
  void update(const Advance&) override {}
};

template <class Found, class Run>
Found run_one(const PastrySetup& setup, Run run) {
  Unseen progress;
  const auto found = run_seeds<Found>(
      setup.runs, progress,
      [&](std::uint64_t seed, SeedProgress& mine) { return run(setup, seed, mine); });
  return found.front();
}

PastrySetup small() {
  PastrySetup setup;
  setup.runs = {{testing::seed_or(1)}, 1};
  setup.growth = {{300, 1'000}, 4'000};
  setup.failures.nodes = 300;
  setup.failures.lookups = 2'000;
  setup.replicas.nodes = 300;
  setup.replicas.lookups = 2'000;
  return setup;
}

TEST(PastryGrowth, TakesAsFewHopsAsPublishedAndNeverEndsAtAWrongNode) {
  const PastrySetup setup = small();
  const auto rings = run_one<std::vector<GrownRing>>(setup, run_growth);
  ASSERT_EQ(rings.size(), 2u);
  for (const GrownRing& ring : rings) {
    EXPECT_FALSE(ring.hung);
    EXPECT_EQ(ring.lookups.reached, setup.growth.lookups) << "seed " << setup.runs.seeds[0];
    EXPECT_EQ(ring.lookups.wrong + ring.lookups.missing, 0u) << "seed " << setup.runs.seeds[0];
    for (const RowQuality& row : ring.rows) {
      EXPECT_EQ(row.stale, 0);  // nobody died
      EXPECT_LE(row.optimal + row.suboptimal + row.missing, 15 + 1e-9);
      EXPECT_LT(row.missing, .2);
    }
  }
  EXPECT_LT(rings[0].lookups.hops, rings[1].lookups.hops);
  EXPECT_LE(rings[1].lookups.hops, published::kPastrySizes[0].hops.value + .1);
  EXPECT_GT(rings[1].lookups.hops, 1.5);
  EXPECT_GT(rings[1].lookups.stretch, 1);
  EXPECT_LE(rings[1].lookups.stretch, published::kPastrySizes[0].stretch.value + .03);
  for (const std::size_t row : {0u, 1u}) EXPECT_GT(rings[1].rows[row].optimal, 12.9);
}

TEST(PastryFailures, CostAFewHopsUntilNobodyKnowsADeadNode) {
  const PastrySetup setup = small();
  const auto found = run_one<FailureFindings>(setup, run_failures);
  EXPECT_TRUE(found.repaired);
  EXPECT_EQ(found.dead, 30);
  EXPECT_EQ(found.before.missing + found.before.wrong, 0u);
  EXPECT_EQ(found.before_repair.missing, 0u);
  EXPECT_EQ(found.after.missing + found.after.wrong, 0u);
  EXPECT_GE(found.before_repair.hops, found.before.hops);
  EXPECT_NEAR(found.after.hops, found.before.hops, .1);
  EXPECT_GT(found.repair_messages, 10);
}

TEST(PastryReplicas, AreMetTheNearestFirstMoreOftenThanByChance) {
  const PastrySetup setup = small();
  const auto found = run_one<ReplicaFindings>(setup, run_replicas);
  EXPECT_EQ(found.lost, 0u);
  ASSERT_EQ(found.first_met.size(), 5u);
  EXPECT_GT(found.first_met[0], .4);  // .2 by chance
  EXPECT_GT(found.directed[0], .6);
  EXPECT_GT(found.chosen[0], .9);
  for (const auto* ranks : {&found.first_met, &found.directed, &found.chosen}) {
    EXPECT_GT((*ranks)[0], (*ranks)[4]);
    EXPECT_NEAR(std::accumulate(ranks->begin(), ranks->end(), 0.0), 1, 1e-6);
  }
}

TEST(PastryExperiment, IsAFunctionOfItsSeedAndPutsFiguresSideBySide) {
  PastrySetup setup;
  setup.runs = {{1, 2}, 2};
  setup.parts = {Part::kGrowth};
  setup.growth = {{60, 100}, 300};
  Unseen progress;
  const Report report = run_pastry(setup, progress);
  setup.runs.threads = 1;
  const Report again = run_pastry(setup, progress);
  EXPECT_THAT(report.violations, IsEmpty());
  ASSERT_FALSE(report.tables.empty());
  ASSERT_EQ(report.tables.size(), again.tables.size());
  for (std::size_t i = 0; i < report.tables.size(); ++i) {
    const Table& table = report.tables[i];
    EXPECT_EQ(table.rows, again.tables[i].rows);
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.title;
  }
}

}  // namespace
}  // namespace phyllo::sim
