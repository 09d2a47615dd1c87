#include "cli/regions/matrix_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "cli/regions/matrix_json.h"

namespace phyllo::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

BorderMatrix matrix() {
  BorderMatrix matrix;
  matrix.borders = {{.from = "eu-west",
                     .to = "us-east",
                     .data_bytes = 12'345'678'901,
                     .control_bytes = 4'560'000,
                     .bytes_per_second = 12'000,
                     .spent = .25,
                     .expected = 31.5,
                     .budget = 30,
                     .predicted = std::nullopt},
                    {.from = "eu-west", .to = "ap-south"},
                    {.from = "us-east", .to = "eu-west", .data_bytes = 0, .control_bytes = 999}};
  matrix.topics = {{"alarms", "eu-west", "us-east", 12'000, 0},
                   {"logs", "eu-west", "us-east", 2'000, 500}};
  return matrix;
}

TEST(MatrixText, ShowsBordersTheirSumAndTopics) {
  EXPECT_EQ(matrix_text(matrix(), 10),
            "FROM     TO          DATA  CONTROL       RATE  COST    MONTH  BUDGET  USED\n"
            "eu-west  us-east  12.3 GB  4.56 MB  12.0 kB/s  0.25  31.50 !   30.00   1 %\n"
            "us-east  eu-west      0 B    999 B      0 B/s     0        0\n"
            "all               12.3 GB  4.56 MB  12.0 kB/s  0.25    31.50\n"
            "and 1 border that nothing crosses\n"
            "!  will pass its budget this month, if the rest is like the usual or the last day\n"
            "\n"
            "busiest topics of each pair, this month\n"
            "FROM     TO       TOPIC     BYTES  AT LEAST\n"
            "eu-west  us-east  alarms  12.0 kB\n"
            "eu-west  us-east  logs    2.00 kB   1.50 kB\n");
}

TEST(MatrixText, ShowsHowFastBordersAreCrossedNowOnceThatIsKnown) {
  BorderMatrix watched = matrix();
  watched.borders[0].now_per_second = 7'000;
  const std::string text = matrix_text(watched, 0);
  EXPECT_THAT(text, HasSubstr("CONTROL        NOW       RATE"));
  EXPECT_THAT(text, HasSubstr("4.56 MB  7.00 kB/s  12.0 kB/s"));
}

TEST(MatrixText, MarksABudgetThatWillNotDoIfTheRestIsLikeTheLastDay) {
  BorderMatrix burst = matrix();
  burst.borders[0].expected = 1;
  EXPECT_THAT(matrix_text(burst, 0), Not(HasSubstr("!")));
  burst.borders[0].expected_last_day = 31;
  EXPECT_THAT(matrix_text(burst, 0), HasSubstr("1.00 !"));
}

TEST(MatrixText, ShowsWhatAPlanPredictsBesideTheCost) {
  BorderMatrix predicted = matrix();
  predicted.borders[1].predicted = 7;
  const std::string text = matrix_text(predicted, 0);
  EXPECT_THAT(text, HasSubstr("PREDICTED\n"));
  EXPECT_THAT(text, testing::ContainsRegex("eu-west  ap-south .* 7.00\n"));
  EXPECT_THAT(text, Not(HasSubstr("that nothing crosses")));
  EXPECT_THAT(text, Not(HasSubstr("busiest"))) << "none wanted";
}

TEST(MatrixText, MarksWhatIsOnlyPartOfTheTruth) {
  BorderMatrix part = matrix();
  part.borders[0].coverage = BorderMatrix::Coverage::kPart;
  const std::string text = matrix_text(part, 0);
  EXPECT_THAT(text, HasSubstr("us-east  ≥ 12.3 GB"));
  EXPECT_THAT(text, HasSubstr("a broker there did not answer"));
}

TEST(MatrixText, ShowsNamesOfStrangersSafely) {
  BorderMatrix hostile = matrix();
  hostile.borders[0].from = "\x1b[2J\n";
  hostile.borders[0].spent = std::numeric_limits<double>::max();
  hostile.borders[0].bytes_per_second = -1e300;
  hostile.topics[0].name = "\xff\n";
  hostile.topics[0].from = hostile.borders[0].from;
  const std::string text = matrix_text(hostile, 10);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("\\xff\\x0a"));
}

TEST(MatrixText, WritesBytesAndMoneyForPeople) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(999.6), "1.00 kB");
  EXPECT_EQ(bytes_text(99'960), "100 kB");
  EXPECT_EQ(bytes_text(1e21), "1000000 PB");
  EXPECT_EQ(money_text(0), "0");
  EXPECT_EQ(money_text(.001), "<0.01");
  EXPECT_EQ(money_text(12.345), "12.35");
}

TEST(MatrixJson, HasEverythingOnOneLine) {
  BorderSurvey survey;
  survey.answers.push_back({std::string(32, 'a'), "eu-west", {}, {}});
  PeerInfo peer;
  peer.region = "us-east";
  survey.known = {{std::string(32, 'a'), peer}, {std::string(32, 'b'), peer}};
  survey.silent = {{"us-east-1", "refused"}};
  BorderMatrix some = matrix();
  some.borders.resize(1);
  some.borders[0].price_per_gb = .02;
  some.borders[0].expected_last_day = 7;
  some.borders[0].now_per_second = 5;
  EXPECT_EQ(json_of(some, survey, 1),
            R"({"borders":[{"from":"eu-west","to":"us-east","data_bytes":12345678901,)"
            R"("control_bytes":4560000,"bytes_per_second":12000.0,"price_per_gb":0.02,)"
            R"("cost":0.25,"expected_cost":31.5,"expected_cost_last_day":7.0,)"
            R"("now_bytes_per_second":5.0,"budget":30.0,"whole":true}],)"
            R"("topics":[{"topic":"alarms","from":"eu-west","to":"us-east","bytes":12000,)"
            R"("excess":0}],"answered":1,"missing":[{"node_id":"","region":"us-east"}],)"
            R"("silent":[{"broker":"us-east-1","why":"refused"}]})");
}

}  // namespace
}  // namespace phyllo::cli
