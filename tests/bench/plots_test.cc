#include "bench/compare/report/plots.h"

#include <gtest/gtest.h>

namespace phyllo::bench {
namespace {

Comparison made(const Workload& workload, double own, double peer) {
  Outcome ours;
  ours.deliveries_per_second = own;
  Outcome theirs;
  theirs.deliveries_per_second = peer;
  return {workload, {{"phyllo", {ours}}, {"nats", {theirs}}}};
}

TEST(Plots, DrawAFamilyAgainstWhatItDiffersIn) {
  std::vector<Comparison> comparisons;
  for (const Workload& workload : chosen("topics")) {
    comparisons.push_back(made(workload, 10, 5));
  }
  const auto drawn = plots(comparisons);
  ASSERT_EQ(drawn.size(), 1u);
  EXPECT_EQ(drawn[0].x, "topics");
  ASSERT_EQ(drawn[0].lines.size(), 2u);
  ASSERT_EQ(drawn[0].lines[1].points.size(), comparisons.size());
  EXPECT_EQ(drawn[0].lines[1].points.back(), std::pair(100'000.0, 5.0));
}

TEST(Plots, LeaveOutWhatDiffersInNothing) {
  const std::vector<Workload> slow = chosen("w7");
  EXPECT_TRUE(plots({made(slow.at(0), 1, 1), made(slow.at(1), 1, 1)}).empty());
  EXPECT_TRUE(plots({}).empty());
}

}  // namespace
}  // namespace phyllo::bench
