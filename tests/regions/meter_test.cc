#include "regions/meter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;
using enum TrafficKind;

constexpr Duration kMonth = 30 * 24h;
constexpr Time kStart{1000h};

/// Two regions; a GB from 0 to 1 costs 1, with a budget of 30 a month.
class MeterTest : public testing::Test {
 protected:
  MeterTest() : meter_(table(), kStart, {kStart, kStart + kMonth}) {}

  static RegionTable table() {
    RegionTable table({"eu", "us"});
    table.border(0, 1) = {.price_per_gb = 1, .budget = 30};
    table.border(1, 0) = {.price_per_gb = 2};
    return table;
  }

  /// Evenly, once a minute.
  void send(Duration from, Duration until, double gigabytes_a_day) {
    for (Duration at = from; at < until; at += 1min) {
      meter_.count(kStart + at, 0, 1, TrafficKind::kData,
                   static_cast<std::uint64_t>(gigabytes_a_day * 1e9 / (24 * 60)));
    }
  }

  Meter meter_;
};

TEST_F(MeterTest, TellsDataFromControlForEachDirection) {
  meter_.count(kStart, 0, 1, TrafficKind::kData, 100);
  meter_.count(kStart, 0, 1, TrafficKind::kControl, 7);
  meter_.count(kStart, 1, 0, TrafficKind::kControl, 5);
  EXPECT_EQ(meter_.total(0, 1), (Meter::Count{2, {100, 7}}));
  EXPECT_EQ(meter_.total(1, 0), (Meter::Count{1, {0, 5}}));
}

TEST_F(MeterTest, CountsNothingInsideARegion) {
  meter_.count(kStart, 0, 0, TrafficKind::kData, 100);
  EXPECT_EQ(meter_.total(0, 0), Meter::Count{});
}

TEST_F(MeterTest, KnowsWhatTheMonthHasCostAndWillCost) {
  send(0h, 48h, 0.5);
  const Meter::Spending spending = meter_.spending(kStart + 48h, 0, 1);
  EXPECT_NEAR(spending.spent, 1, .01);
  EXPECT_NEAR(spending.expected, 15, .2);
  EXPECT_EQ(spending.state, BudgetState::kFine);
}

TEST_F(MeterTest, ExpectsTheUsualAndWarnsAsWellOfWhatTheLastDayWas) {
  send(0h, 240h, 0.1);
  send(240h, 264h, 2);
  const Meter::Spending spending = meter_.spending(kStart + 264h, 0, 1);
  EXPECT_NEAR(spending.expected, 4.9, .1) << "10 days of 0.1, one of 2, and 19 more of 0.1";
  EXPECT_NEAR(spending.expected_last_day, 41, .5) << "and 19 more of 2";
  EXPECT_EQ(spending.state, BudgetState::kAhead);
}

TEST_F(MeterTest, WarnsOfTheUsualAfterAQuietDay) {
  send(0h, 120h, 2);
  const Meter::Spending spending = meter_.spending(kStart + 144h, 0, 1);
  EXPECT_NEAR(spending.expected_last_day, 10, .2);
  EXPECT_NEAR(spending.expected, 10 + 24 * 2, .5);
  EXPECT_EQ(spending.state, BudgetState::kAhead);
}

TEST_F(MeterTest, NumbersMonths) {
  EXPECT_EQ(meter_.month_number(kStart + kMonth - 1ns), 0u);
  EXPECT_EQ(meter_.month_number(kStart + kMonth), 1u);
  meter_.month_is(kStart + kMonth, {kStart + kMonth + 1h, kStart + 2 * kMonth});
  EXPECT_EQ(meter_.month_number(kStart + kMonth), 1u) << "said more exactly";
  meter_.month_is(kStart + kMonth, {kStart + 2 * kMonth, kStart + 3 * kMonth});
  EXPECT_EQ(meter_.month_number(kStart + kMonth), 2u);
}

TEST_F(MeterTest, DoesNotLookAheadFromAFewMinutes) {
  meter_.count(kStart + 1min, 0, 1, TrafficKind::kData, 1'000'000'000);
  EXPECT_DOUBLE_EQ(meter_.spending(kStart + 9min, 0, 1).expected, 1);
  EXPECT_GT(meter_.spending(kStart + 10min, 0, 1).expected, 1000);
}

TEST_F(MeterTest, WarnsOnceBeforeTheBudgetIsPassedAndOnceWhenItIs) {
  send(0h, 24h, 1.5);
  const auto ahead = meter_.look(kStart + 24h);
  ASSERT_THAT(ahead, SizeIs(1));
  EXPECT_EQ(ahead[0].from, 0u);
  EXPECT_EQ(ahead[0].to, 1u);
  EXPECT_EQ(ahead[0].spending.state, BudgetState::kAhead);
  EXPECT_NEAR(ahead[0].spending.spent, 1.5, .01);
  EXPECT_NEAR(ahead[0].spending.expected, 45, .5);
  EXPECT_THAT(meter_.look(kStart + 25h), IsEmpty());
  send(25h, 500h, 1.5);
  const auto passed = meter_.look(kStart + 500h);
  ASSERT_THAT(passed, SizeIs(1));
  EXPECT_EQ(passed[0].spending.state, BudgetState::kPassed);
  EXPECT_THAT(meter_.look(kStart + 501h), IsEmpty());
}

TEST_F(MeterTest, NeverWarnsWhereThereIsNoBudget) {
  meter_.count(kStart, 1, 0, TrafficKind::kData, 1'000'000'000'000);
  EXPECT_THAT(meter_.look(kStart + 1h), IsEmpty());
}

TEST_F(MeterTest, BeginsEachMonthWithNothing) {
  send(0h, 24h, 40);
  EXPECT_THAT(meter_.look(kStart + 24h), SizeIs(1));
  EXPECT_DOUBLE_EQ(meter_.spending(kStart + kMonth, 0, 1).spent, 0);
  EXPECT_GT(meter_.total(0, 1).volume.bytes(), 39'000'000'000u);
  send(kMonth, kMonth + 24h, 40);
  EXPECT_THAT(meter_.look(kStart + kMonth + 24h), SizeIs(1)) << "in the new month anew";
}

TEST_F(MeterTest, GoesOnCountingWhenTheCalendarSaysTheMonthMoreExactly) {
  send(0h, 24h, 1);
  meter_.month_is(kStart + 24h, {kStart - 1h, kStart + 31 * 24h});
  EXPECT_NEAR(meter_.spending(kStart + 24h, 0, 1).spent, 1, .01);
  EXPECT_NEAR(meter_.spending(kStart + 24h, 0, 1).expected, 31, .5);
  meter_.month_is(kStart + 31 * 24h, {kStart + 31 * 24h, kStart + 59 * 24h});
  EXPECT_DOUBLE_EQ(meter_.spending(kStart + 31 * 24h, 0, 1).spent, 0);
}

double expected(MonthlyTraffic& traffic, Time now) {
  return traffic.expected_bytes(now, Outlook::kLastDay);
}

TEST(MonthlyTraffic, TakesWhatPassedBeforeItCountedToBeLikeTheRest) {
  MonthlyTraffic traffic(kStart + 15 * 24h, {kStart, kStart + kMonth});
  for (int hour = 0; hour < 24; ++hour) traffic.add(kStart + 15 * 24h + hour * 1h, kData, 1000);
  EXPECT_NEAR(expected(traffic, kStart + 16 * 24h), 720'000, 1);
  EXPECT_EQ(traffic.so_far(kStart + 16 * 24h).volume.bytes(), 24'000u);
}

TEST(MonthlyTraffic, GoesOnWithWhatAnEarlierLifeCounted) {
  const Time now = kStart + 15 * 24h;
  MonthlyTraffic traffic(now, {kStart, kStart + kMonth});
  traffic.resume(now, {{20'000, 10'000}, 10 * 24h});
  EXPECT_EQ(traffic.so_far(now), (MonthSoFar{{20'000, 10'000}, 10 * 24h}));
  EXPECT_NEAR(expected(traffic, now), 90'000, 1) << "it counted for a third of the month";
  for (int hour = 0; hour < 24; ++hour) traffic.add(now + hour * 1h, kControl, 1000);
  EXPECT_EQ(traffic.so_far(now + 24h), (MonthSoFar{{20'000, 34'000}, 11 * 24h}));
  EXPECT_NEAR(expected(traffic, now + 24h), 54'000 + (5 + 14) * 24'000, 1);
  EXPECT_EQ(traffic.so_far(kStart + kMonth), MonthSoFar{}) << "and not in the next month";
  EXPECT_NEAR(expected(traffic, kStart + kMonth), 0, 1);
}

TEST(MonthlyTraffic, TakesNoMoreTimeToBeCountedThanThereWas) {
  MonthlyTraffic traffic(kStart + 24h, {kStart, kStart + kMonth});
  traffic.resume(kStart + 24h, {{1'000, 0}, 90 * 24h});
  EXPECT_EQ(traffic.so_far(kStart + 24h).counted, 24h);
  EXPECT_NEAR(expected(traffic, kStart + 24h), 30'000, 1);
}

TEST(MonthlyTraffic, KnowsNoPaceBeforeAnyTimePassed) {
  MonthlyTraffic traffic(kStart, {kStart, kStart + kMonth});
  traffic.resume(kStart, {{1'000, 0}, 24h});
  EXPECT_DOUBLE_EQ(expected(traffic, kStart), 1'000);
  EXPECT_DOUBLE_EQ(traffic.bytes_per_second(kStart), 0);
}

TEST(MonthlyTraffic, FindsItsMonthAfterALongSilence) {
  MonthlyTraffic traffic(kStart, {kStart, kStart + kMonth});
  traffic.add(kStart, kData, 1000);
  EXPECT_EQ(traffic.so_far(kStart + 100 * kMonth + 5h).volume.bytes(), 0u);
  EXPECT_DOUBLE_EQ(expected(traffic, kStart + 100 * kMonth + 5h), 0);
  traffic.add(kStart + 100 * kMonth + 6h, kData, 7);
  EXPECT_EQ(traffic.so_far(kStart + 101 * kMonth - 1ns).volume.bytes(), 7u);
  EXPECT_EQ(traffic.so_far(kStart + 101 * kMonth).volume.bytes(), 0u);
}

}  // namespace
}  // namespace phyllo::regions
