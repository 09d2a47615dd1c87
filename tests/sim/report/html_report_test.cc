#include "sim/report/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "sim/report/axis.h"
#include "sim/report/svg_plot.h"
#include "tests/sim/report/sample_report.h"

namespace phyllo::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// The tags that are open at the end, or the first that closes what is not open.
std::vector<std::string> unbalanced_tags(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return {"a tag that never ends"};
    std::string tag = html.substr(at + 1, end - at - 1);
    if (tag.starts_with("!") || tag.ends_with("/") || tag.starts_with("meta ")) continue;
    const std::string name = tag.substr(0, tag.find(' '));
    if (!name.starts_with("/")) {
      open.push_back(name);
    } else if (open.empty() || "/" + open.back() != name) {
      return {name};
    } else {
      open.pop_back();
    }
  }
  return open;
}

TEST(HtmlReport, IsWellFormed) {
  EXPECT_THAT(unbalanced_tags(html_report(sample_report())), IsEmpty());
  EXPECT_THAT(unbalanced_tags(html_report(Report{})), IsEmpty());
}

TEST(HtmlReport, LoadsNothingAndRunsNothing) {
  const std::string html = html_report(sample_report());
  for (const char* outside : {"http://", "https://", "<script", "src=", "@import", "url("}) {
    EXPECT_THAT(html, Not(HasSubstr(outside)));
  }
}

TEST(HtmlReport, EscapesEveryText) {
  Report report = sample_report();
  const std::string evil = "<b>'\"&\x1b";
  const std::string tame = "&lt;b&gt;&#39;&quot;&amp;\\x1b";
  report.title = report.command = evil;
  report.parameters = {{evil, evil}};
  report.tables = {{evil, {evil}, {{evil}}, evil}};
  report.plots[0].title = report.plots[0].x = report.plots[0].y = evil;
  report.plots[0].lines[0].name = evil;
  report.violations = report.notes = {evil};
  const std::string html = html_report(report);
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  int count = 0;
  for (std::size_t at = 0; (at = html.find(tame, at)) != std::string::npos; ++at) ++count;
  // Title, heading, command, parameter (2), table (4), plot: caption, label, axes (2), legend and a
  // tooltip for each of two points; violation, note.
  EXPECT_EQ(count, 18);
}

TEST(HtmlReport, ShowsTablesPlotsNotesAndViolations) {
  const std::string html = html_report(sample_report());
  EXPECT_THAT(html, HasSubstr("<td class=\"number\">2.485</td>"));
  EXPECT_THAT(html, HasSubstr("200,000 lookups each."));
  EXPECT_THAT(html, HasSubstr("<svg class=\"plot\""));
  EXPECT_THAT(html, HasSubstr("<li>two brokers are root of a/b at 3.2 s</li>"));
  EXPECT_THAT(html, HasSubstr("<li>cut short after 3 of 10 seeds</li>"));
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme:dark"));
}

std::vector<std::string> labels(const Axis& axis) {
  std::vector<std::string> labels;
  for (const Axis::Tick& tick : axis.ticks()) labels.push_back(tick.label);
  return labels;
}

using Ends = Axis::Ends;
using Scale = Plot::Scale;

TEST(Axis, HasRoundTicks) {
  EXPECT_THAT(labels(Axis({1.2, 9.1}, Scale::kLinear, Ends::kAtTicks)),
              ElementsAre("0", "2", "4", "6", "8", "10"));
  EXPECT_THAT(labels(Axis({100, 101}, Scale::kLinear, Ends::kAtTicks)),
              ElementsAre("100.0", "100.2", "100.4", "100.6", "100.8", "101.0"));
  EXPECT_THAT(labels(Axis({-3, 4}, Scale::kLinear, Ends::kAtTicks)),
              ElementsAre("-4", "-2", "0", "2", "4"));
}

TEST(Axis, EndsAtTheDataWhereAsked) {
  const Axis axis({1.5, 9.1}, Scale::kLinear, Ends::kAtData);
  EXPECT_DOUBLE_EQ(axis.place(1.5), 0);
  EXPECT_DOUBLE_EQ(axis.place(9.1), 1);
  EXPECT_EQ(labels(axis).front(), "2");
  EXPECT_EQ(labels(axis).back(), "8");
}

TEST(Axis, HasPowersOfTenWhereLogarithmic) {
  const Axis axis({1e-5, 3e2}, Scale::kLogarithmic, Ends::kAtTicks);
  EXPECT_THAT(labels(axis),
              ElementsAre("1e-5", "1e-4", "0.001", "0.01", "0.1", "1", "10", "100", "1,000"));
  EXPECT_DOUBLE_EQ(axis.place(1e-5), 0);
  EXPECT_NEAR(axis.place(0.1), 0.5, 1e-9);
  EXPECT_THAT(labels(Axis({1000, 100000}, Scale::kLogarithmic, Ends::kAtData)),
              ElementsAre("1,000", "2,000", "5,000", "10,000", "20,000", "50,000", "100,000"));
}

TEST(Axis, SurvivesWhateverItIsGiven) {
  constexpr double kMost = std::numeric_limits<double>::max();
  constexpr double kTiny = std::numeric_limits<double>::denorm_min();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::vector<double>> strange = {{},
                                                    {nan},
                                                    {0},
                                                    {5},
                                                    {-5},
                                                    {kMost, -kMost},
                                                    {kTiny},
                                                    {0, kTiny},
                                                    {1e18, 1e18 + 256},
                                                    {1, nan, 2},
                                                    {1e-290, 1e290},
                                                    {-1e290, 1e290},
                                                    {5, 5, 5},
                                                    {0, 0}};
  for (const auto& values : strange) {
    for (const Scale scale : {Scale::kLinear, Scale::kLogarithmic}) {
      for (const Ends ends : {Ends::kAtData, Ends::kAtTicks}) {
        const Axis axis(values, scale, ends);
        EXPECT_LE(axis.ticks().size(), 20u);
        for (const double value : values) {
          if (!axis.shows(value)) continue;
          EXPECT_GE(axis.place(value), -1e-6);
          EXPECT_LE(axis.place(value), 1 + 1e-6);
        }
      }
    }
  }
}

TEST(SvgPlot, LeavesOutWhatItsAxesCannotShow) {
  const std::string svg = svg_plot(sample_report().plots[0]);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
  EXPECT_THAT(svg, HasSubstr("ours&#39;s: 1,000, 2.5"));
  EXPECT_THAT(svg, Not(HasSubstr("ours&#39;s: 0, 1")));
}

TEST(SvgPlot, ThinsLongLinesAndKeepsTheirPeaks) {
  Plot plot;
  plot.lines.resize(1);
  for (int i = 0; i < 100'000; ++i) plot.lines[0].points.emplace_back(i, i == 54'321 ? 100 : 1);
  const std::string svg = svg_plot(plot);
  EXPECT_LT(svg.size(), 50'000u);
  EXPECT_THAT(svg, HasSubstr(",32.0 "));  // the top of the field: the peak is still there
}

TEST(SvgPlot, StandsAloneInAFile) {
  const std::string svg = svg_file(sample_report().plots[0]);
  EXPECT_TRUE(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\""));
  EXPECT_LT(svg.find("<style>"), svg.find("<line"));
}

TEST(SvgPlot, GivesEveryLineALookOfItsOwn) {
  Plot plot;
  for (int i = 0; i < 9; ++i) plot.lines.push_back({"line", {{0, 1}, {1, 2}}});
  const std::string svg = svg_plot(plot);
  EXPECT_THAT(svg, HasSubstr("\"line c7\""));
  EXPECT_THAT(svg, HasSubstr("\"line c0 dashed\""));
}

}  // namespace
}  // namespace phyllo::sim
