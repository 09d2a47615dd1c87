#include "bench/compare/report/figure.h"

#include <gtest/gtest.h>

namespace phyllo::bench {
namespace {

Comparison::Series series(std::string name, std::vector<double> rates) {
  Comparison::Series made{std::move(name), {}};
  for (const double rate : rates) {
    Outcome outcome;
    outcome.deliveries_per_second = rate;
    outcome.cpu_us_per_delivery = 1 / rate;
    made.outcomes.push_back(outcome);
  }
  return made;
}

const Figure& deliveries() { return compared_figures()[0]; }
const Figure& cpu() { return compared_figures()[1]; }

TEST(Figure, TakesRatiosRoundByRoundToThePeerWithTheBestMedian) {
  const Comparison comparison{
      {}, {series("own", {10, 20, 60}), series("slow", {1, 1, 100}), series("fast", {2, 5, 6})}};
  const auto ratio = ratio_to_best(comparison, deliveries());
  ASSERT_TRUE(ratio);
  EXPECT_EQ(ratio->peer, "fast");
  EXPECT_DOUBLE_EQ(ratio->ratio.least, 4);
  EXPECT_DOUBLE_EQ(ratio->ratio.median, 5);
  EXPECT_DOUBLE_EQ(ratio->ratio.most, 10);
}

TEST(Figure, TakesTheLeastAsBestWhereLessIsBetter) {
  const Comparison comparison{
      {}, {series("own", {8}), series("slow", {1}), series("fast", {4}), series("middle", {2})}};
  const auto ratio = ratio_to_best(comparison, cpu());
  ASSERT_TRUE(ratio);
  EXPECT_EQ(ratio->peer, "fast");
  EXPECT_DOUBLE_EQ(ratio->ratio.median, 0.5);
}

TEST(Figure, LeavesOutRoundsInWhichEitherFailed) {
  Comparison comparison{{}, {series("own", {10, 20, 30}), series("peer", {1, 1, 1})}};
  comparison.series[0].outcomes[0].failure = "fell over";
  comparison.series[1].outcomes[2].failure = "fell over";
  const auto ratio = ratio_to_best(comparison, deliveries());
  ASSERT_TRUE(ratio);
  EXPECT_DOUBLE_EQ(ratio->ratio.least, 20);
  EXPECT_DOUBLE_EQ(ratio->ratio.most, 20);
}

TEST(Figure, HasNoRatioWithoutAPeer) {
  EXPECT_FALSE(ratio_to_best({{}, {series("own", {1})}}, deliveries()));
  Comparison failed{{}, {series("own", {1}), series("peer", {1})}};
  failed.series[1].outcomes[0].failure = "fell over";
  EXPECT_FALSE(ratio_to_best(failed, deliveries()));
}

}  // namespace
}  // namespace phyllo::bench
