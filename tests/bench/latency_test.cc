#include "bench/compare/measure/latency.h"

#include <gtest/gtest.h>

namespace phyllo::bench {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

TEST(Latency, TellsQuantilesWithinAFewPercent) {
  Latency latency;
  for (int i = 1; i <= 10'000; ++i) latency.add(microseconds(i));
  EXPECT_NEAR(latency.quantile(0.5), 5000, 150);
  EXPECT_NEAR(latency.quantile(0.99), 9900, 300);
  EXPECT_NEAR(latency.quantile(1), 10'000, 300);
  EXPECT_EQ(latency.count(), 10'000u);
}

TEST(Latency, KeepsSmallOnesExactly) {
  Latency latency;
  latency.add(nanoseconds(40));
  EXPECT_DOUBLE_EQ(latency.quantile(0.5), 0.040);
}

TEST(Latency, TakesWhatIsBeyondItsRange) {
  Latency latency;
  latency.add(nanoseconds(-1));
  latency.add(std::chrono::hours(1000));
  EXPECT_EQ(latency.count(), 2u);
  EXPECT_DOUBLE_EQ(latency.quantile(0.5), 0);
  EXPECT_GT(latency.quantile(1), 1e6);
}

TEST(Latency, IsNothingOfNothingAndTheSumOfWhatIsAdded) {
  Latency one;
  EXPECT_DOUBLE_EQ(one.quantile(0.99), 0);
  Latency other;
  other.add(microseconds(3));
  one.add(other);
  one.add(other);
  EXPECT_EQ(one.count(), 2u);
}

}  // namespace
}  // namespace phyllo::bench
