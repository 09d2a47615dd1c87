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

TEST(Figure, TakesRatiosRoundByRound) {
  const Comparison comparison{{}, {series("own", {10, 20, 60}), series("peer", {2, 5, 6})}};
  const auto ratio = ratio_to(comparison, 1, deliveries());
  ASSERT_TRUE(ratio);
  EXPECT_DOUBLE_EQ(ratio->least, 4);
  EXPECT_DOUBLE_EQ(ratio->median, 5);
  EXPECT_DOUBLE_EQ(ratio->most, 10);
}

TEST(Figure, FindsThePeerWithTheBestMedian) {
  const Comparison comparison{{},
                              {series("own", {9, 9, 9}), series("slow", {1, 1, 100}),
                               series("fast", {2, 5, 6}), series("middle", {2, 2, 2})}};
  EXPECT_EQ(best_peer(comparison, deliveries()), 2u) << "more is better";
  EXPECT_EQ(best_peer(comparison, cpu()), 2u) << "less is better";
}

TEST(Figure, LeavesOutRoundsInWhichEitherFailed) {
  Comparison comparison{{}, {series("own", {10, 20, 30}), series("peer", {1, 1, 1})}};
  comparison.series[0].outcomes[0].failure = "fell over";
  comparison.series[1].outcomes[2].failure = "fell over";
  const auto ratio = ratio_to(comparison, 1, deliveries());
  ASSERT_TRUE(ratio);
  EXPECT_DOUBLE_EQ(ratio->least, 20);
  EXPECT_DOUBLE_EQ(ratio->most, 20);
}

TEST(Figure, HasNoBestPeerAndNoRatioWhereNoneRan) {
  EXPECT_FALSE(best_peer({{}, {series("own", {1})}}, deliveries()));
  Comparison failed{{}, {series("own", {1}), series("peer", {1})}};
  failed.series[1].outcomes[0].failure = "fell over";
  EXPECT_FALSE(best_peer(failed, deliveries()));
  EXPECT_FALSE(ratio_to(failed, 1, deliveries()));
}

}  // namespace
}  // namespace phyllo::bench
