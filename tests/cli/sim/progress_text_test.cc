#include "cli/sim/progress_text.h"

#include <gtest/gtest.h>

namespace phyllo::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kWide = 500;

TEST(SpanText, HasTwoUnitsAtMost) {
  EXPECT_EQ(span_text(0ns), "0 ms");
  EXPECT_EQ(span_text(850ms), "850 ms");
  EXPECT_EQ(span_text(12340ms), "12.3 s");
  EXPECT_EQ(span_text(59990ms), "1 min");
  EXPECT_EQ(span_text(250s), "4 min 10 s");
  EXPECT_EQ(span_text(2h + 10min), "2 h 10 min");
  EXPECT_EQ(span_text(76h), "3 d 4 h");
}

TEST(ProgressText, SaysWhereHowFarHowFastAndHowLongYet) {
  const Standing standing{"joining, seed 3", 0.25, Time(12min), 3'000'000};
  EXPECT_EQ(progress_text(standing, 2s, kWide),
            "25 %, joining, seed 3: 12 min virtual, 2.0 s real, 1.5 M events/s, about 6.0 s left");
}

TEST(ProgressText, LeavesOutWhatItCannotTell) {
  EXPECT_EQ(progress_text({}, 0s, kWide), "0 %: 0 ms real");
  EXPECT_EQ(progress_text({"a", 1.0, {}, 0}, 5s, kWide), "100 %, a: 5.0 s real");
  EXPECT_EQ(progress_text({"a", 0.001, {}, 0}, 5s, kWide), "0 %, a: 5.0 s real");
}

TEST(ProgressText, FitsItsWidthAndSteersNoTerminal) {
  const Standing standing{"a phase \x1b[2J", 0.25, Time(12min), 3'000'000};
  EXPECT_EQ(progress_text(standing, 2s, 12), "25 %, a pha…");
  EXPECT_EQ(progress_text(standing, 2s, kWide).find('\x1b'), std::string::npos);
}

TEST(CostText, SaysWhatTheRunTook) {
  EXPECT_EQ(cost_text(1'200'000'000, 200s), "1.2 G events in 3 min 20 s, 6.0 M events/s");
  EXPECT_EQ(cost_text(0, 1s), "0 events in 1.0 s");
}

}  // namespace
}  // namespace phyllo::cli
