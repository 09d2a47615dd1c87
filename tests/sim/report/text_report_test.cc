#include "sim/report/text_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "broker/config/utf8.h"
#include "sim/report/text_wrap.h"
#include "tests/sim/report/sample_report.h"

namespace phyllo::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const Report& report) {
  std::istringstream text(text_report(report));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

TEST(TextReport, AlignsNumbersAndRoundsThem) {
  Report report;
  report.title = "Hops";
  report.command = "phyllo sim pastry";
  report.seeds = {1, 2, 3};
  report.parameters = {{"leaf set", "16"}};
  report.tables = {{"Mean hops",
                    {"nodes", "published", "ours"},
                    {{std::int64_t{1000}, 2.485, 2.4811}, {std::int64_t{100000}, 3.976, 3.9}},
                    "Plane."}};
  EXPECT_THAT(lines_of(report), ElementsAre("Hops",                         //
                                            "====",                         //
                                            "command   phyllo sim pastry",  //
                                            "seeds     1 … 3",              //
                                            "leaf set  16",                 //
                                            "",                             //
                                            "Mean hops",                    //
                                            "  nodes  published   ours",    //
                                            "-------------------------",    //
                                            "  1,000      2.485  2.481",    //
                                            "100,000      3.976  3.900",    //
                                            "Plane."));
}

TEST(TextReport, ShowsNotesAndBrokenInvariants) {
  const std::string text = text_report(sample_report());
  EXPECT_THAT(text, HasSubstr("\nNotes\n- cut short after 3 of 10 seeds\n"));
  EXPECT_THAT(text, HasSubstr("\nBroken invariants\n- two brokers are root of a/b at 3.2 s\n"));
}

TEST(TextReport, CountsTheInvariantsItDoesNotShow) {
  Report report = sample_report();
  report.violations.assign(50, "broken");
  EXPECT_THAT(text_report(report), HasSubstr("- and 30 more; --json has all\n"));
}

TEST(TextReport, HasNothingThatSteersATerminal) {
  EXPECT_THAT(text_report(sample_report()), Not(HasSubstr("\x1b")));
  EXPECT_THAT(text_report(sample_report()), HasSubstr("\\x1b[2J"));
}

TEST(TextReport, NeverIsWiderThan100Columns) {
  Report report = sample_report();
  report.title = std::string(250, 'T');
  report.notes = {std::string(30, 'n') + " " + std::string(300, 'm')};
  report.parameters.emplace_back("files", std::string(150, 'f') + " ä" + std::string(90, 'g'));
  Table wide;
  wide.title = "Wide";
  std::vector<Cell> row;
  for (int i = 0; i < 30; ++i) {
    wide.columns.push_back("quite a long heading number " + std::to_string(i));
    row.emplace_back(i % 2 == 0 ? Cell{std::int64_t{1'000'000'000} + i}
                                : Cell{"some words, " + std::string(70, 'x')});
  }
  wide.rows = {row, row};
  report.tables.push_back(wide);
  for (const std::string& line : lines_of(report)) {
    EXPECT_LE(broker::utf8_length(line), 100u) << line;
  }
  for (int i = 10; i < 30; i += 2) {
    EXPECT_THAT(text_report(report), HasSubstr("1,000,000,0" + std::to_string(i)));
  }
}

TEST(TextReport, RepeatsTheFirstColumnWhereATableIsFolded) {
  Report report;
  Table table;
  table.columns = {"key"};
  std::vector<Cell> row{std::string("THE-KEY")};
  for (int i = 0; i < 12; ++i) {
    table.columns.push_back("column" + std::to_string(i));
    row.emplace_back(std::int64_t{123'456'789'012});
  }
  table.rows = {row};
  report.tables = {table};
  int keys = 0;
  int numbers = 0;
  for (const std::string& line : lines_of(report)) {
    if (line.find("THE-KEY") != std::string::npos) ++keys;
    for (std::size_t at = 0; (at = line.find("123,456,789,012", at)) != std::string::npos; ++at) {
      ++numbers;
    }
  }
  EXPECT_EQ(keys, 3);
  EXPECT_EQ(numbers, 12);
}

TEST(TextReport, SurvivesRowsThatAreTooShortAndTablesWithoutRows) {
  Report report;
  report.tables = {{"Short", {"a", "b"}, {{std::int64_t{1}}, {}}, ""}, {"Empty", {}, {}, ""}};
  EXPECT_THAT(text_report(report), HasSubstr("a  b\n----\n1\n"));
}

TEST(SeedsText, ShortensARow) {
  EXPECT_EQ(seeds_text({}), "");
  EXPECT_EQ(seeds_text({7}), "7");
  EXPECT_EQ(seeds_text({7, 8}), "7, 8");
  EXPECT_EQ(seeds_text({7, 8, 9}), "7 … 9");
  EXPECT_EQ(seeds_text({7, 9, 8}), "7, 9, 8");
}

TEST(Wrap, BreaksAtSpacesAndOverlongWords) {
  EXPECT_THAT(wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("a abcdefghij b", 4), ElementsAre("a", "abcd", "efgh", "ij b"));
  EXPECT_THAT(wrap("äöü äöü", 3), ElementsAre("äöü", "äöü"));
  EXPECT_THAT(wrap("äöüäöü", 3), ElementsAre("äöü", "äöü"));
  EXPECT_THAT(wrap("  ", 3), ElementsAre(""));
}

}  // namespace
}  // namespace phyllo::sim
