#include "cli/demo/live_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "cli/display_text.h"

namespace phyllo::cli {
namespace {

using testing::Each;
using testing::HasSubstr;

DemoSnapshot sample() {
  DemoSnapshot snapshot;
  snapshot.elapsed = std::chrono::milliseconds(72'500);
  snapshot.regions = {{"america", 2, 6, 60.04, 1'200, 0, 0}, {"asia", 2, 6, 59, 1'180, 20, 1}};
  snapshot.topics = {{"host/cpu/0", 200, 4, 40, 0, R"({"busy_percent":3.1})"},
                     {"demo/piped", 0, 4, 0, 20, ""}};
  snapshot.tree = {"BROKER  REGION", "11111111  asia"};
  snapshot.borders = {"FROM  TO", "asia  america"};
  return snapshot;
}

std::string joined(const std::vector<std::string>& lines) {
  return std::accumulate(lines.begin(), lines.end(), std::string(),
                         [](const std::string& a, const std::string& b) { return a + b + "\n"; });
}

TEST(LiveTable, ShowsRegionsTopicsTreesAndBorders) {
  EXPECT_EQ(joined(live_table(sample(), {100, 40}, Style::kPlain)),
            "phyllo demo  01:12  (Ctrl-C ends it)\n"
            "\n"
            "REGION   BROKERS  SUBSCRIBERS  MSG/S  RECEIVED  LOST  GAPS\n"
            "america        2            6   60.0     1,200     0     0\n"
            "asia           2            6   59.0     1,180    20     1\n"
            "\n"
            "TOPIC       PUBLISHED  SUBSCRIBERS  MSG/S  LOST  LATEST\n"
            "host/cpu/0        200            4   40.0     0  {\"busy_percent\":3.1}\n"
            "demo/piped          0            4    0.0    20\n"
            "\n"
            "BROKER  REGION\n"
            "11111111  asia\n"
            "\n"
            "FROM  TO\n"
            "asia  america\n");
}

TEST(LiveTable, IsNeverWiderThanTheScreen) {
  DemoSnapshot snapshot = sample();
  snapshot.topics[0].latest = std::string(500, 'x');
  for (const std::string& line : live_table(snapshot, {50, 40}, Style::kPlain)) {
    EXPECT_LE(display_width(line), 50u) << line;
  }
}

TEST(LiveTable, IsAlwaysShorterThanTheScreenSoThatItNeverScrolls) {
  DemoSnapshot snapshot = sample();
  for (int i = 0; i < 300; ++i)
    snapshot.topics.push_back({"t/" + std::to_string(i), 1, 1, 1, 0, ""});
  for (std::size_t rows = 2; rows < 60; ++rows) {
    EXPECT_LT(live_table(snapshot, {80, rows}, Style::kPlain).size(), rows);
  }
}

TEST(LiveTable, SaysHowManyTopicsItLeavesOut) {
  DemoSnapshot snapshot = sample();
  for (int i = 0; i < 298; ++i)
    snapshot.topics.push_back({"t/" + std::to_string(i), 1, 1, 1, 0, ""});
  const std::string shown = joined(live_table(snapshot, {80, 24}, Style::kPlain));
  EXPECT_THAT(shown, HasSubstr("more topics\n"));
  EXPECT_THAT(shown, HasSubstr("11111111  asia"));
  EXPECT_THAT(shown, HasSubstr("asia  america"));
}

TEST(LiveTable, UsesEscapesOnlyInAnsiStyle) {
  EXPECT_THAT(joined(live_table(sample(), {100, 40}, Style::kAnsi)), HasSubstr("\x1b[1mREGION"));
  EXPECT_THAT(live_table(sample(), {100, 40}, Style::kPlain),
              Each(testing::Not(HasSubstr("\x1b"))));
}

TEST(LiveTable, DoesNotLetAPayloadDrawOnTheScreen) {
  DemoSnapshot snapshot = sample();
  snapshot.topics[0].latest = "\x1b[2J";
  EXPECT_THAT(live_table(snapshot, {100, 40}, Style::kPlain),
              Each(testing::Not(HasSubstr("\x1b"))));
}

TEST(LiveTable, FitsOnOneLineForOutputThatIsNoTerminal) {
  EXPECT_EQ(progress_line(sample()),
            "01:12  200 messages published, 2,380 received, 20 lost, 1 gap, america 60.0/s, "
            "asia 59.0/s");
}

}  // namespace
}  // namespace phyllo::cli
