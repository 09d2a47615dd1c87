#include "sim/scenario/run_scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sim/report/json_report.h"
#include "sim/report/text_report.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class Unwatched final : public Progress {
 public:
  void update(const Advance&) override {}
};

class Impatient final : public Progress {
 public:
  void update(const Advance& advance) override {
    measuring_ |= advance.phase.starts_with("measuring");
  }
  bool stop_wanted() const override { return measuring_; }

 private:
  bool measuring_ = false;
};

Report run(const Scenario& scenario, const std::vector<std::uint64_t>& seeds = {1}) {
  Unwatched progress;
  return run_scenario(scenario, {.seeds = seeds, .threads = 1}, progress);
}

Scenario parsed(const std::string& text) {
  const LoadedScenario loaded = parse_scenario(text, "s.yaml");
  EXPECT_THAT(loaded.errors, ElementsAre());
  return loaded.scenario.value();
}

const std::string kTwoRegions =
    "duration: 20s\n"
    "regions: {eu: {brokers: 2}, us: {brokers: 2}}\n"
    "links: [{between: [eu, us], round_trip: 80ms, price_per_gb: 0.5}]\n"
    "topics:\n"
    "  - {name: a, rate: 10, size: 100B, publishers: {eu: 1}, subscribers: {eu: 2, us: 3}}\n";

const Table& table(const Report& report, const std::string& title) {
  for (const Table& each : report.tables) {
    if (each.title == title) return each;
  }
  throw std::out_of_range(title);
}

std::int64_t count(const Cell& cell) { return std::get<std::int64_t>(cell); }
double number(const Cell& cell) { return std::get<double>(cell); }

TEST(RunScenario, DeliversEverythingWhenNothingGoesWrong) {
  const Report report = run(parsed(kTwoRegions));
  EXPECT_THAT(report.violations, IsEmpty());
  const auto& row = table(report, "Topics").rows.at(0);
  EXPECT_EQ(std::get<std::string>(row[0]), "a");
  EXPECT_EQ(count(row[5]), 5);
  EXPECT_EQ(count(row[6]), 200);
  EXPECT_EQ(count(row[7]), 1000);
  EXPECT_EQ(number(row[8]), 1.0);
  EXPECT_GT(number(row[9]), 0.5);  // p50
  EXPECT_GE(number(row[10]), 39);  // p99: half a round trip at least
  EXPECT_LT(number(row[10]), 400);
}

TEST(RunScenario, CountsAndPricesWhatCrossesRegions) {
  const Report report = run(parsed(kTwoRegions));
  const Table& traffic = table(report, "Traffic between brokers");
  ASSERT_EQ(traffic.rows.size(), 4u);
  const auto& across = traffic.rows[1];
  EXPECT_EQ(std::get<std::string>(across[0]), "eu");
  EXPECT_EQ(std::get<std::string>(across[1]), "us");
  EXPECT_GT(count(across[3]), 200 * 100);  // the payload at least once
  const double gigabytes = static_cast<double>(count(across[3])) / 20 * 30 * 24 * 3600 / 1e9;
  EXPECT_NEAR(number(across[4]), gigabytes, 1e-6);
  EXPECT_NEAR(number(across[6]), gigabytes * 0.5, 1e-6);
  EXPECT_EQ(number(traffic.rows[0][6]), 0.0);
}

TEST(RunScenario, IsTheSameAgainWithTheSameSeed) {
  const Scenario scenario = parsed(kTwoRegions + "faults: [{at: 5s, kind: crash, whom: eu/1}]\n");
  EXPECT_EQ(json_report(run(scenario, {7})), json_report(run(scenario, {7})));
  EXPECT_NE(json_report(run(scenario, {7})), json_report(run(scenario, {8})));
}

TEST(RunScenario, MeasuresHowLongSubscribersHearNothingAfterAFault) {
  const Report report =
      run(parsed(kTwoRegions + "faults:\n"
                               "  - {at: 5s, kind: partition, whom: us, lasts: 4s}\n"));
  const auto& row = table(report, "Faults").rows.at(0);
  EXPECT_EQ(number(row[0]), 5.0);
  EXPECT_EQ(std::get<std::string>(row[1]), "partition us for 4s");
  EXPECT_GE(count(row[2]), 3);
  EXPECT_GE(number(row[3]), 3.9);
  EXPECT_LT(number(row[3]), 12.0);
  EXPECT_GE(number(row[4]), 3.9);
  EXPECT_EQ(count(row[5]), 0);
}

TEST(RunScenario, NamesTheRootThatCrashes) {
  const Report report =
      run(parsed(kTwoRegions + "faults: [{at: 5s, kind: crash, whom: root of a}]\n"));
  const std::string root = std::get<std::string>(table(report, "Topics").rows.at(0)[1]);
  EXPECT_EQ(std::get<std::string>(table(report, "Faults").rows.at(0)[1]),
            "crash root of a (" + root + ")");
}

TEST(RunScenario, SaysWhoStaysSilent) {
  const Report report = run(parsed(kTwoRegions + "faults: [{at: 5s, kind: partition, whom: us, "
                                                 "lasts: 1h}]\n"));
  const auto& row = table(report, "Faults").rows.at(0);
  EXPECT_GE(count(row[2]), 3);
  EXPECT_EQ(count(row[5]), 3);
}

TEST(RunScenario, ComparesSeeds) {
  const Report report = run(parsed(kTwoRegions), {1, 2, 3});
  EXPECT_THAT(report.seeds, ElementsAre(1, 2, 3));
  const auto& row = table(report, "Over all seeds").rows.at(0);
  EXPECT_EQ(std::get<std::string>(row[0]), "delivered");
  EXPECT_EQ(number(row[2]), 1000.0);
}

TEST(RunScenario, StopsWhenAskedToAndReportsWhatItHas) {
  Impatient progress;
  const Report report =
      run_scenario(parsed(kTwoRegions), {.seeds = {1, 2}, .threads = 1}, progress);
  EXPECT_THAT(report.seeds, ElementsAre(1));
  EXPECT_LT(count(table(report, "Topics").rows.at(0)[6]), 200);
}

TEST(Scenario, ShrinksTopicsByZipfsLaw) {
  const Scenario scenario = parsed(
      "duration: 1s\n"
      "regions: {eu: {brokers: 1}}\n"
      "topics: [{name: t, count: 4, zipf: 1, subscribers: {eu: 10}}]\n");
  std::vector<std::size_t> sizes;
  for (const auto& topic : scenario.topics) sizes.push_back(topic.subscribers[0]);
  EXPECT_THAT(sizes, ElementsAre(10, 5, 3, 3));
  EXPECT_EQ(scenario.topics[3].name, "t/4");
}

TEST(Scenario, GivesEveryBrokerTheSettingsOfItsBrokerSection) {
  const Scenario scenario =
      parsed("broker: {profile: wan, overlay: {leaf_set_size: 8}}\n" + kTwoRegions);
  EXPECT_EQ(scenario.profile, "wan");
  EXPECT_EQ(scenario.broker.overlay.leaf_set_size, 8u);
  EXPECT_EQ(scenario.broker.overlay.timers.heartbeat, Duration(1s));
}

class Example : public testing::TestWithParam<const char*> {};

TEST_P(Example, LoadsAndRuns) {
  const std::string file = std::string(PHYLLO_SOURCE_DIR "/configs/simulation/") + GetParam();
  const LoadedScenario loaded = load_scenario(file);
  ASSERT_THAT(loaded.errors, ElementsAre());
  const Report report = run(*loaded.scenario);
  EXPECT_THAT(report.violations, IsEmpty());
  for (const auto& row : table(report, "Topics").rows) EXPECT_GT(number(row[8]), 0.7);
  EXPECT_EQ(table(report, "Faults").rows.size(), loaded.scenario->mishaps.size());
}

INSTANTIATE_TEST_SUITE_P(Shipped, Example,
                         testing::Values("three-regions.yaml", "own-cluster.yaml"),
                         [](const auto& example) {
                           std::string name = example.param;
                           name.resize(name.find('.'));
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace phyllo::sim
