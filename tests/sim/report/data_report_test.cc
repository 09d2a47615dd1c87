// The renderings that programs read.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sim/report/csv_report.h"
#include "sim/report/json_report.h"
#include "tests/sim/report/sample_report.h"

namespace phyllo::sim {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(JsonReport, HoldsEverything) {
  const Json json = Json::parse(json_report(sample_report()));
  EXPECT_EQ(json["title"], "Hops <by> \"N\" & more");
  EXPECT_EQ(json["command"], "phyllo sim pastry --nodes 1000 --seeds 3");
  EXPECT_EQ(json["parameters"], (Json{{"leaf set", "16"}, {"name", "a, b\nc"}}));
  EXPECT_EQ(json["seeds"], (Json{1, 2, 3}));
  const Json& table = json["tables"][0];
  EXPECT_EQ(table["columns"], (Json{"nodes", "published", "ours", "remark"}));
  EXPECT_EQ(table["rows"][0], (Json{1000, 2.485, 2.5, "<script>alert(1)</script>"}));
  EXPECT_EQ(table["note"], "200,000 lookups each.");
  const Json& plot = json["plots"][0];
  EXPECT_EQ(plot["x_scale"], "logarithmic");
  EXPECT_EQ(plot["y_scale"], "linear");
  EXPECT_EQ(plot["lines"][0]["points"], (Json{{1000, 2.485}, {100000, 3.976}}));
  EXPECT_EQ(json["violations"], (Json{"two brokers are root of a/b at 3.2 s"}));
  EXPECT_EQ(json["notes"], (Json{"cut short after 3 of 10 seeds"}));
}

TEST(JsonReport, HasNullForWhatIsEmptyOrNotFinite) {
  const Json json = Json::parse(json_report(sample_report()));
  EXPECT_TRUE(json["tables"][0]["rows"][1][3].is_null());
  EXPECT_TRUE(json["tables"][0]["rows"][2][1].is_null());
}

TEST(JsonReport, KeepsNumbersExact) {
  Report report = sample_report();
  report.seeds = {std::numeric_limits<std::uint64_t>::max()};
  const Json json = Json::parse(json_report(report));
  EXPECT_EQ(json["tables"][0]["rows"][2][2], 3.0 / 7);
  EXPECT_EQ(json["seeds"][0], std::numeric_limits<std::uint64_t>::max());
}

TEST(JsonReport, SurvivesBytesThatAreNotUtf8) {
  Report report;
  report.title = "bad \xff byte";
  EXPECT_EQ(Json::parse(json_report(report))["title"], "bad \xef\xbf\xbd byte");
}

/// Reads what RFC 4180 describes; an empty line is a record without fields.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> record;
  std::string field;
  bool quoted = false;
  bool any = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && text.substr(i + 1, 1) == "\"") {
        field += text[++i];
      } else if (c == '"') {
        quoted = false;
      } else {
        field += c;
      }
    } else if (c == '"') {
      quoted = any = true;
    } else if (c == ',') {
      record.push_back(std::exchange(field, {}));
      any = true;
    } else if (c == '\r') {
      EXPECT_EQ(text.substr(++i, 1), "\n");
      if (any || !field.empty()) record.push_back(std::exchange(field, {}));
      records.push_back(std::exchange(record, {}));
      any = false;
    } else {
      EXPECT_NE(c, '\n');
      field += c;
    }
  }
  EXPECT_TRUE(record.empty() && field.empty()) << "the last record is not ended";
  return records;
}

TEST(CsvReport, HasASectionForTheRunAndForEachTableAndPlot) {
  EXPECT_THAT(
      parse_csv(csv_report(sample_report())),
      ElementsAre(
          ElementsAre("Hops <by> \"N\" & more"), ElementsAre("name", "value"),
          ElementsAre("command", "phyllo sim pastry --nodes 1000 --seeds 3"),
          ElementsAre("seed", "1"), ElementsAre("seed", "2"), ElementsAre("seed", "3"),
          ElementsAre("leaf set", "16"), ElementsAre("name", "a, b\nc"), ElementsAre(),
          ElementsAre("Mean hops"), ElementsAre("nodes", "published", "ours", "remark"),
          ElementsAre("1000", "2.485", "2.5", "<script>alert(1)</script>"),
          ElementsAre("100000", "3.976", "3.9", ""),
          ElementsAre("-7", "inf", "0.42857142857142855", "say \"hi\", please\x1b[2J"),
          ElementsAre(), ElementsAre("Hops & N"), ElementsAre("line", "nodes", "hops <mean>"),
          ElementsAre("published", "1000", "2.485"), ElementsAre("published", "100000", "3.976"),
          ElementsAre("ours's", "1000", "2.5"), ElementsAre("ours's", "0", "1"),
          ElementsAre("ours's", "100000", "3.9"), ElementsAre(), ElementsAre("Violations"),
          ElementsAre("text"), ElementsAre("two brokers are root of a/b at 3.2 s"), ElementsAre(),
          ElementsAre("Notes"), ElementsAre("text"), ElementsAre("cut short after 3 of 10 seeds")));
}

TEST(CsvReport, QuotesOnlyWhereNeeded) {
  Report report;
  report.title = "t";
  report.tables = {
      {"x", {"a"}, {{std::string(" edge")}, {std::monostate{}}, {std::string("p q")}}, ""}};
  EXPECT_THAT(csv_report(report), HasSubstr("x\r\na\r\n\" edge\"\r\n\"\"\r\np q\r\n"));
}

}  // namespace
}  // namespace phyllo::sim
