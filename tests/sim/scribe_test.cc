#include "sim/experiment/scribe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "sim/experiment/groups.h"
#include "tests/support/seeds.h"

namespace phyllo::sim {
namespace {

using ::testing::IsEmpty;
using Part = ScribeSetup::Part;

TEST(ScribeSetup, TheDefaultsAreThePublishedOnes) {
  const ScribeSetup setup;
  EXPECT_TRUE(check(setup).ok());
  EXPECT_EQ(setup.network.routers(), 5050u);
  EXPECT_EQ(setup.trees.nodes, 100'000u);
  EXPECT_EQ(setup.runs.seeds.size(), 10u);
}

TEST(ScribeSetup, RefusesWhatCannotBe) {
  const std::vector<std::function<void(ScribeSetup&)>> mistakes = {
      [](ScribeSetup& s) { s.runs.seeds.clear(); },
      [](ScribeSetup& s) { s.parts.clear(); },
      [](ScribeSetup& s) { s.network.transit_domains = 0; },
      [](ScribeSetup& s) { s.trees.nodes = 1; },
      [](ScribeSetup& s) { s.trees.groups = 0; },
      [](ScribeSetup& s) { s.trees.skew = -1; },
      [](ScribeSetup& s) { s.trees.skew = std::nan(""); },
      [](ScribeSetup& s) { s.children_limit = 0; },
      [](ScribeSetup& s) { s.small.groups = 0; },
      [](ScribeSetup& s) { s.small.members = s.small.nodes + 1; },
  };
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    ScribeSetup setup;
    mistakes[i](setup);
    const Outcome outcome = check(setup);
    ASSERT_FALSE(outcome.ok()) << "mistake " << i;
    EXPECT_EQ(outcome.error().code, ErrorCode::kInvalidArgument);
    EXPECT_FALSE(outcome.error().message.empty());
  }
}

TEST(ScribeSetup, DoesNotMindPartsThatAreNotChosen) {
  ScribeSetup setup;
  setup.parts = {Part::kSmall};
  setup.trees.nodes = 0;
  setup.children_limit = 0;
  EXPECT_TRUE(check(setup).ok());
}

struct Silent final : Progress {
  void update(const Advance& advance) override {
    EXPECT_GE(advance.done, done);
    done = advance.done;
  }
  double done = 0;
};

ScribeSetup little(std::uint64_t seed) {
  ScribeSetup setup;
  setup.runs.seeds = {seed};
  setup.network = {3, 2, 2, 4};
  setup.trees = {150, 20, 1.25};
  setup.children_limit = 12;
  setup.small = {150, 60, 4};
  return setup;
}

/// Ours, in the row whose first cell is `measure`.
double ours(const Table& table, const std::string& measure) {
  for (const auto& row : table.rows) {
    if (std::get<std::string>(row[0]) == measure) return std::get<double>(row[3]);
  }
  ADD_FAILURE() << "no row " << measure << " in " << table.title;
  return 0;
}

class ScribeRuns : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(ScribeRuns, ReachAllMembersOnceByTreesThatRespectTheLimit) {
  Silent progress;
  const Report report = run_scribe(little(GetParam()), progress);
  EXPECT_THAT(report.violations, IsEmpty());
  ASSERT_EQ(report.tables.size(), 4u);
  for (const Table& table : report.tables) {
    EXPECT_EQ(ours(table, "copies that reach a node"), 1) << table.title;
    EXPECT_GT(ours(table, "RAD, median group"), .9) << table.title;
  }
  EXPECT_LE(ours(report.tables[1], "children entries per node, maximum"), 12);
  EXPECT_GT(ours(report.tables[0], "children entries per node, maximum"), 12);
  EXPECT_LT(ours(report.tables[3], "children entries per node, mean"),
            ours(report.tables[2], "children entries per node, mean"));
  EXPECT_EQ(report.plots.size(), 4u);
  EXPECT_EQ(progress.done, 1);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ScribeRuns, ::testing::ValuesIn(phyllo::testing::seeds(1, 2)),
                         [](const auto& seed) { return std::to_string(seed.param); });

TEST(Scribe, IsAFunctionOfTheSetup) {
  Silent progress;
  ScribeSetup setup = little(9);
  setup.parts = {Part::kTrees};
  const auto rows = [&] {
    progress.done = 0;
    return run_scribe(setup, progress).tables[0].rows;
  };
  const auto first = rows();
  EXPECT_EQ(first, rows());
  setup.runs.seeds = {10};
  EXPECT_NE(first, rows());
}

TEST(Groups, HaveThePublishedSizes) {
  const auto sizes = group_sizes(100'000, 1'500, 1.25);
  EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}), 395'247u);
  EXPECT_EQ(sizes.front(), 100'000u);
  EXPECT_EQ(sizes.back(), 11u);
}

TEST(Groups, DrawEachMemberOnce) {
  Random random(3);
  for (const Group& group : draw_groups({10, 7, 1, 10}, 10, random)) {
    const std::set<StationId> members(group.members.begin(), group.members.end());
    EXPECT_EQ(members.size(), group.members.size());
    EXPECT_LT(*members.rbegin(), 10u);
  }
}

}  // namespace
}  // namespace phyllo::sim
