#include "cli/duration_text.h"

#include <gtest/gtest.h>

namespace phyllo::cli {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(DurationText, ReadsUnitsAndTakesSecondsWithoutOne) {
  EXPECT_EQ(parse_duration("5"), milliseconds(5000));
  EXPECT_EQ(parse_duration("5s"), milliseconds(5000));
  EXPECT_EQ(parse_duration("0.25"), milliseconds(250));
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("1.5m"), milliseconds(90'000));
  EXPECT_EQ(parse_duration("2min"), milliseconds(120'000));
  EXPECT_EQ(parse_duration("2h"), milliseconds(7'200'000));
  EXPECT_EQ(parse_duration("0"), milliseconds(0));
}

TEST(DurationText, RefusesEverythingElse) {
  for (const char* text :
       {"", "s", "-1s", "5 s", "5d", "1e3", "nan", "inf", "5s ", "0x10", "99999999999h", "1,5s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(DurationText, WritesWhatItReads) {
  for (const milliseconds time : {milliseconds(1), milliseconds(250), milliseconds(5000)}) {
    EXPECT_EQ(parse_duration(duration_text(time)), time);
  }
}

TEST(DurationText, ShowsRoundTripsWithAFittingUnit) {
  EXPECT_EQ(round_trip_text(microseconds(87)), "87 µs");
  EXPECT_EQ(round_trip_text(microseconds(1240)), "1.24 ms");
  EXPECT_EQ(round_trip_text(microseconds(45'600)), "45.6 ms");
  EXPECT_EQ(round_trip_text(microseconds(2'100'000)), "2.10 s");
}

}  // namespace
}  // namespace phyllo::cli
