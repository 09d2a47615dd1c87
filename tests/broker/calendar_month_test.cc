#include "broker/calendar_month.h"

#include <gtest/gtest.h>

namespace phyllo::broker {
namespace {

using namespace std::chrono;

constexpr Time kNow{hours(1'000'000)};

TEST(CalendarMonth, LastsAsLongAsTheCalendarsMonth) {
  const auto february = calendar_month(sys_days(2028y / 2 / 10) + 5h, kNow);
  EXPECT_EQ(february.began, kNow - days(9) - 5h);
  EXPECT_EQ(february.ends - february.began, days(29));
}

TEST(CalendarMonth, BeginsAtItsFirstInstantAndEndsAtTheNextOnes) {
  EXPECT_EQ(calendar_month(sys_days(2026y / 12 / 1), kNow).began, kNow);
  const auto december = calendar_month(sys_days(2027y / 1 / 1) - 1s, kNow);
  EXPECT_EQ(december.ends, kNow + 1s);
  EXPECT_EQ(december.ends - december.began, days(31));
}

}  // namespace
}  // namespace phyllo::broker
