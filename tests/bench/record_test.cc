#include "bench/compare/report/record.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <stdexcept>
#include <string>

#include "tests/support/processes/phyllod_process.h"

namespace phyllo::bench {
namespace {

using test::ScratchFolder;

Comparison comparison(const Workload& workload, double rate) {
  Outcome outcome;
  outcome.deliveries_per_second = rate;
  outcome.delivered = 7;
  return {workload, {{"phyllo", {outcome, outcome}}, {"nats", {outcome}}}};
}

TEST(Record, KeepsWhatWasMeasured) {
  const ScratchFolder folder;
  const auto file = folder.path() / "record.json";
  Record record = Record::read(file);
  EXPECT_TRUE(record.comparisons().empty()) << "there is no file yet";
  Comparison measured = comparison(catalogue().front(), 123.5);
  measured.measured = "yesterday";
  measured.effort.duration = std::chrono::milliseconds(70);
  measured.series[1].outcomes[0].failure = "fell over";
  record.put(measured);
  record.describe("phyllo", "as it is");
  record.write(file);

  const Record again = Record::read(file);
  EXPECT_EQ(again.systems(), record.systems());
  ASSERT_EQ(again.comparisons().size(), 1u);
  const Comparison read = again.comparisons().front();
  EXPECT_EQ(read.workload.label(), catalogue().front().label());
  EXPECT_EQ(read.measured, "yesterday");
  EXPECT_EQ(read.effort.duration, std::chrono::milliseconds(70));
  ASSERT_EQ(read.series.size(), 2u);
  EXPECT_EQ(read.series[0].system, "phyllo") << "the first is compared with the others";
  ASSERT_EQ(read.series[0].outcomes.size(), 2u);
  EXPECT_DOUBLE_EQ(read.series[0].outcomes[1].deliveries_per_second, 123.5);
  EXPECT_EQ(read.series[0].outcomes[1].delivered, 7u);
  EXPECT_EQ(read.series[1].outcomes[0].failure, "fell over");
}

TEST(Record, ReplacesOnlyWhatWasMeasuredAgain) {
  Record record;
  record.put(comparison(growth().front(), 3));
  record.put(comparison(catalogue().at(1), 2));
  record.put(comparison(catalogue().at(0), 1));
  record.put(comparison(catalogue().at(1), 5));
  const auto all = record.comparisons();
  ASSERT_EQ(all.size(), 3u);
  const auto rate = [&](std::size_t i) {
    return all[i].series[0].outcomes[0].deliveries_per_second;
  };
  EXPECT_DOUBLE_EQ(rate(0), 1) << "in the order of the report";
  EXPECT_DOUBLE_EQ(rate(1), 5);
  EXPECT_DOUBLE_EQ(rate(2), 3);
}

TEST(Record, RefusesAFileOfAnotherKindAndForgetsWorkloadsThatAreNoMore) {
  const ScratchFolder folder;
  const auto file = folder.path() / "record.json";
  for (const char* text : {"", "{", "[]", "{}", R"({"systems": {}, "comparisons": [{}]})",
                           R"({"systems": {"a": 1}, "comparisons": []})"}) {
    std::ofstream(file) << text;
    EXPECT_THROW(Record::read(file), std::runtime_error) << text;
  }
  std::ofstream(file) << R"({"systems": {}, "comparisons": [{"workload": "w0 of old"}]})";
  EXPECT_TRUE(Record::read(file).comparisons().empty());
}

TEST(Catalogue, TellsAllItsWorkloadsApart) {
  std::set<std::string> labels;
  for (const auto* table : {&catalogue(), &growth()}) {
    for (const Workload& workload : *table) {
      EXPECT_TRUE(labels.insert(workload.label()).second) << workload.label();
    }
  }
  EXPECT_EQ(chosen("all").size() + chosen("growth").size(), labels.size());
}

}  // namespace
}  // namespace phyllo::bench
