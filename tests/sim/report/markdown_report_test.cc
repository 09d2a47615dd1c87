#include "sim/report/markdown_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/report/sample_report.h"

namespace phyllo::sim {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MarkdownReport, HasTheCommandTheTablesAndWhatMustBeKnown) {
  const std::string text = markdown_report(sample_report());
  EXPECT_THAT(text, HasSubstr("```\nphyllo sim pastry --nodes 1000 --seeds 3\n```\n"));
  EXPECT_THAT(text, HasSubstr("seeds 1 … 3; leaf set: 16; name: a, b\\\\nc\n"));
  EXPECT_THAT(text, HasSubstr("\n**Mean hops**\n\n| nodes | published | ours | remark |\n"
                              "|--:|--:|--:|---|\n| 1,000 |"));
  EXPECT_THAT(text, HasSubstr("\n200,000 lookups each.\n"));
  EXPECT_THAT(text, HasSubstr("\nNotes:\n\n- cut short after 3 of 10 seeds\n"));
  EXPECT_THAT(text, HasSubstr("\nBroken invariants:\n\n- two brokers are root of a/b at 3.2 s\n"));
}

TEST(MarkdownReport, LeavesNoTextThatMarkdownWouldReadOtherwise) {
  Report report;
  report.title = "a | b";
  report.tables = {{"t", {"*c*"}, {{std::string("<b>|_d_`e`[f](g)")}}, ""}};
  const std::string text = markdown_report(report);
  EXPECT_THAT(text, HasSubstr("### a \\| b\n"));
  EXPECT_THAT(text, HasSubstr("| \\*c\\* |\n"));
  EXPECT_THAT(text, HasSubstr("| \\<b\\>\\|\\_d\\_\\`e\\`\\[f\\](g) |\n"));
  EXPECT_THAT(text, Not(HasSubstr("<b>")));
}

TEST(MarkdownReport, ShowsThePlotsThatAreInFiles) {
  Report report = sample_report();
  report.plots = {Plot{.title = "a [b]", .x = "x", .y = "y", .lines = {}},
                  Plot{.title = "c", .x = "x", .y = "y", .lines = {}}};
  EXPECT_THAT(markdown_report(report), Not(HasSubstr("![")));
  const std::string text = markdown_report(report, {"p-1.svg", "p-2.svg", "p-3.svg"});
  EXPECT_THAT(text, HasSubstr("\n![a \\[b\\]](p-1.svg)\n\n![c](p-2.svg)\n"));
  EXPECT_THAT(text, Not(HasSubstr("p-3")));
}

TEST(MarkdownReport, IsPlainAboutNothing) {
  Report report;
  report.title = "t";
  EXPECT_EQ(markdown_report(report), "### t\n\n");
}

}  // namespace
}  // namespace phyllo::sim
