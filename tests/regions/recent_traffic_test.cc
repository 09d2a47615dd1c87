#include "regions/recent_traffic.h"

#include <gtest/gtest.h>

#include <vector>

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1000h + 20min};
constexpr double kDay = 24 * 3600;

/// Each number once an hour, for a day.
Time days_of(RecentTraffic& traffic, Time at, const std::vector<std::uint64_t>& bytes) {
  for (const std::uint64_t each : bytes) {
    for (int hour = 0; hour < 24; ++hour, at += 1h) traffic.add(at, each);
  }
  return at;
}

TEST(RecentTraffic, IsTheLastDaysUntilThreeWholeDaysWereCounted) {
  RecentTraffic traffic(kStart);
  const Time now = days_of(traffic, kStart, {10, 10, 1000});
  EXPECT_EQ(traffic.usual(now), traffic.last_day(now)) << "the first day lacks 20 minutes";
  EXPECT_NEAR(traffic.usual(now), 1000 / 3600., 15 / 3600.);
  EXPECT_LT(traffic.usual(now + 1h), 100 / 3600.) << "now the third one is whole";
}

TEST(RecentTraffic, IsTheMedianOfTheDaysHoweverBusyASingleOneWas) {
  RecentTraffic traffic(kStart);
  Time now = days_of(traffic, kStart, {5, 6, 900'000, 8, 9, 7, 1});
  EXPECT_NEAR(traffic.usual(now + 1h), 7 / 3600., .001);
  now = days_of(traffic, now, {900'000, 900'000, 900'000, 900'000});
  EXPECT_NEAR(traffic.usual(now), 900'000 / 3600., 1) << "four of the last seven";
}

TEST(RecentTraffic, TakesTheMiddleOfTwoWhereTheNumberOfDaysIsEven) {
  RecentTraffic traffic(Time(1000h));
  const Time now = days_of(traffic, Time(1000h), {1, 2, 4, 80});
  EXPECT_NEAR(traffic.usual(now), 3 / 3600., 1e-9);
}

TEST(RecentTraffic, CountsDaysNotHoursSoThatNightsDoNotHideTheDays) {
  RecentTraffic traffic(Time(1000h));
  for (int day = 0; day < 5; ++day) traffic.add(Time(1000h + day * 24h + 9h), 86'400);
  EXPECT_NEAR(traffic.usual(Time(1000h + 5 * 24h)), 86'400 / kDay, 1e-9);
}

TEST(RecentTraffic, ForgetsWhatIsOlderThanAWeek) {
  RecentTraffic traffic(kStart);
  const Time now = days_of(traffic, kStart, {5, 5, 5, 5});
  EXPECT_EQ(traffic.usual(now + 30 * 24h), 0);
  EXPECT_EQ(traffic.last_day(now + 30 * 24h), 0);
}

TEST(RecentTraffic, KnowsNoRateBeforeAnyTimePassed) {
  RecentTraffic traffic(Time{});
  traffic.add(Time{}, 1000);
  EXPECT_EQ(traffic.usual(Time{}), 0);
  EXPECT_EQ(traffic.usual(Time(10s)), 100);
}

}  // namespace
}  // namespace phyllo::regions
