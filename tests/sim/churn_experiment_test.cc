#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/experiment/churn.h"
#include "sim/experiment/churn_run.h"
#include "tests/support/seeds.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

class Unseen final : public Progress {
 public:
  void update(const Advance&) override {}
};

ChurnSetup small() {
  ChurnSetup setup;
  setup.runs = {{testing::seed_or(1)}, 1};
  setup.nodes = 100;
  setup.sessions = {30min};
  setup.losses = {0};
  setup.settle = 2min;
  setup.length = 8min;
  setup.lookups = .1;
  return setup;
}

ChurnFindings run_one(const ChurnSetup& setup, const ChurnCase& which) {
  Unseen progress;
  return run_seeds<ChurnFindings>(setup.runs, progress,
                                  [&](std::uint64_t seed, SeedProgress& mine) {
                                    return run_churn_case(setup, which, seed, mine);
                                  })
      .front();
}

TEST(ChurnExperiment, LosesAlmostNothingAndMistakesNobodyForTheRoot) {
  const ChurnSetup setup = small();
  const ChurnFindings found = run_one(setup, {30min, 0});
  EXPECT_NEAR(found.nodes, 100, 25);
  EXPECT_GT(found.active, .95);
  EXPECT_NEAR(static_cast<double>(found.lookups.sent), 100 * .1 * 480, 1'500);
  EXPECT_EQ(found.lookups.wrong, 0u) << "seed " << setup.runs.seeds[0];
  EXPECT_LE(found.lookups.missing * 1'000, 2 * found.lookups.sent);
  EXPECT_GE(found.lookups.missing, found.lost_with_sender);
  EXPECT_GT(found.lookups.delay_penalty, 1);
  EXPECT_GT(found.control, .05);
  EXPECT_LT(found.control, 3);
  EXPECT_EQ(found.control_over_time.size(), 8u);
}

TEST(ChurnExperiment, LosesAlmostNothingWhereLinksLoseOneMessageInTwenty) {
  const ChurnSetup setup = small();
  const ChurnFindings found = run_one(setup, {30min, .05});
  EXPECT_LE(found.lookups.missing * 1'000, 2 * found.lookups.sent);
  EXPECT_LE(found.lookups.wrong * 1'000, found.lookups.sent);
}

TEST(ChurnExperiment, FollowsATraceInWhichANodeComesBack) {
  ChurnSetup setup = small();
  std::string text;
  for (int i = 0; i < 20; ++i) text += "0 n" + std::to_string(i) + " up\n";
  text += "60 n3 down\n150 n3 up\n200 late up\n";
  setup.trace = parse_churn(text, "trace").value();
  const ChurnFindings found = run_one(setup, {});
  EXPECT_NEAR(found.nodes, 20.9, .3);
  EXPECT_GT(found.active, .98);
  EXPECT_EQ(found.lookups.missing + found.lookups.wrong, 0u);
}

TEST(ChurnExperiment, ReportsOneRowForEachSessionAndLoss) {
  ChurnSetup setup = small();
  setup.nodes = 20;
  setup.sessions = {138min, 30min};
  setup.losses = {0, .05};
  setup.length = 2min;
  setup.settle = 0s;
  Unseen progress;
  const Report report = run_churn(setup, progress);
  EXPECT_THAT(report.violations, IsEmpty());
  ASSERT_EQ(report.tables.size(), 4u);  // two of them beside what was published
  EXPECT_EQ(report.tables[2].rows.size(), 4u);
  for (const Table& table : report.tables) {
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.title;
  }
  EXPECT_EQ(report.plots[0].lines.size(), 4u);
}

}  // namespace
}  // namespace phyllo::sim
