// Whole reports: what `phyllo plan` prints.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/plan/compare_clusters.h"
#include "sim/plan/describe_cluster.h"
#include "sim/plan/load_file.h"
#include "sim/plan/predict.h"
#include "tests/sim/plan/cluster_folder.h"

namespace phyllo::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Row = std::vector<Cell>;

constexpr std::string_view kShared =
    "cluster: test\n"
    "regions:\n"
    "  eu: {price_per_gb: 0.02, to: {us: {round_trip: 80ms, budget: 10}}}\n"
    "  us: {price_per_gb: 0.05}\n"
    "topics: [{match: eu/#, regions: [eu]}]\n"
    "peers: {seeds: ['tcp://a:7400', 'tcp://b:7400']}\n";

constexpr std::string_view kLoad =
    "duration: 5s\n"
    "topics:\n"
    "  - {name: t, rate: 20, publishers: {eu: 1}, subscribers: {us: 1, eu: 1}}\n";

struct Silent final : Progress {
  void update(const Advance&) override {}
};

class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    for (const ClusterFolder* folder : {&before_, &after_}) {
      folder->write("cluster.yaml", kShared);
      folder->write("load.txt", kLoad);
      folder->write_broker("a", "eu");
      folder->write_broker("b", "us");
    }
  }

  static const std::vector<Row>& rows(const Report& report, const std::string& title) {
    static const std::vector<Row> kNone;
    const auto found = std::ranges::find(report.tables, title, &Table::title);
    EXPECT_NE(found, report.tables.end()) << title;
    return found == report.tables.end() ? kNone : found->rows;
  }

  Report change() const {
    return compare_clusters(*before_.load().cluster, *after_.load().cluster);
  }
  std::vector<std::string> load_errors() const {
    return load_onto(*before_.load().cluster, before_.path("load.txt")).errors;
  }

  ClusterFolder before_;
  ClusterFolder after_;
};

TEST_F(PlanTest, ListsBrokersRegionsBordersAndRules) {
  const Report report = describe_cluster(*before_.load().cluster);
  EXPECT_THAT(rows(report, "Brokers"), SizeIs(2));
  EXPECT_THAT(rows(report, "Regions"), ElementsAre(Row{"eu", std::int64_t{1}, std::int64_t{1}},
                                                   Row{"us", std::int64_t{1}, std::int64_t{1}}));
  EXPECT_THAT(rows(report, "Borders"), ElementsAre(Row{"eu", "us", 80.0, .02, 0.0, 10.0},
                                                   Row{"us", "eu", 80.0, .05, 0.0, Cell()}));
  EXPECT_THAT(rows(report, "Topics that stay inside regions"), ElementsAre(Row{"eu/#", "eu"}));
}

TEST_F(PlanTest, SaysThatNothingChanges) {
  const Report report = change();
  EXPECT_THAT(report.notes, ElementsAre("Both describe the same cluster."));
  for (const Row& row : rows(report, "Roots that move")) EXPECT_EQ(row[3], Cell(0.0));
}

TEST_F(PlanTest, ShowsWhatANewBrokerTakesOver) {
  after_.write_broker("c", "eu");
  const Report report = change();
  EXPECT_THAT(rows(report, "Brokers that change"), ElementsAre(Row{"c", "is new", Cell(), "eu"}));
  const auto& moves = rows(report, "Roots that move");
  ASSERT_THAT(moves, SizeIs(3));
  EXPECT_EQ(moves[0][0], Cell("all brokers"));
  EXPECT_EQ(moves[1][0], Cell("eu"));
  EXPECT_GT(std::get<double>(moves[1][3]), 0);
  EXPECT_EQ(moves[2][0], Cell("us"));
  EXPECT_EQ(moves[2][3], Cell(0.0)) << "trees of other regions stay";
}

TEST_F(PlanTest, ShowsSettingsThatChangeAndAtHowManyBrokers) {
  after_.write("cluster.yaml", std::string(kShared) + "clients: {connections: 7}\n");
  EXPECT_THAT(rows(change(), "Settings that change"),
              ElementsAre(Row{"clients.connections", "10000", "7", std::int64_t{2}}));
}

TEST_F(PlanTest, PredictsTrafficAndCostByRunningTheBrokers) {
  const ClusterFile cluster = *before_.load().cluster;
  const LoadedScenario loaded = load_onto(cluster, before_.path("load.txt"));
  ASSERT_THAT(loaded.errors, IsEmpty());
  Report report = describe_cluster(cluster);
  Silent progress;
  predict(cluster, *loaded.scenario, {.seeds = {1}}, progress, report);
  EXPECT_THAT(report.violations, IsEmpty());
  EXPECT_THAT(report.seeds, ElementsAre(1u));
  const Row& topic = rows(report, "Topics").front();
  EXPECT_EQ(topic[7], Cell(std::int64_t{200})) << "20 a second for 5 s to two";
  const auto& traffic = rows(report, "Traffic between brokers");
  const auto crossing = std::ranges::find_if(
      traffic, [](const Row& row) { return row[0] == Cell("eu") && row[1] == Cell("us"); });
  ASSERT_NE(crossing, traffic.end());
  EXPECT_GT(std::get<std::int64_t>((*crossing)[3]), 100 * 200) << "each message, and its headers";
  const Row& budget = rows(report, "Budgets").front();
  EXPECT_EQ(budget[3], Cell(10.0));
  EXPECT_DOUBLE_EQ(std::get<double>(budget[2]), std::get<double>(crossing->back()));
}

TEST_F(PlanTest, PredictsWhatAChangeCosts) {
  after_.write("b.yaml",
               "include: [cluster.yaml]\nnode: {region: eu}\n"
               "peers: {local: {listen: 'tcp://b:7400'}}\n");
  after_.write_broker("c", "us");
  const ClusterFile before = *before_.load().cluster;
  const ClusterFile after = *after_.load().cluster;
  std::vector<Scenario> scenarios;
  for (const ClusterFile* cluster : {&before, &after}) {
    scenarios.push_back(load_onto(*cluster, before_.path("load.txt")).scenario.value());
  }
  Report report = compare_clusters(before, after);
  Silent progress;
  predict_change(scenarios, {.seeds = {1}}, progress, report);
  EXPECT_THAT(report.violations, IsEmpty());
  const auto& costs = rows(report, "Traffic and cost between regions, a month");
  ASSERT_THAT(costs, SizeIs(3));
  for (const std::size_t cost : {4u, 5u}) {
    const double sum = std::get<double>(costs[0][cost]) + std::get<double>(costs[1][cost]);
    EXPECT_GT(sum, 0);
    EXPECT_DOUBLE_EQ(std::get<double>(costs[2][cost]), sum);
  }
  EXPECT_THAT(rows(report, "Topics"), SizeIs(1));
}

TEST_F(PlanTest, RefusesALoadThatTheRulesKeepOut) {
  before_.write("load.txt", "topics: [{name: eu/x, publishers: {us: 1}, subscribers: {eu: 1}}]\n");
  EXPECT_THAT(
      load_errors(),
      ElementsAre(testing::HasSubstr("topic 'eu/x' must not be used in region us, only in eu")));
}

TEST_F(PlanTest, RefusesToPredictWithoutDelays) {
  before_.write("cluster.yaml", "regions: {eu: {}, us: {}}\npeers: {seeds: ['tcp://a:7400']}\n");
  EXPECT_THAT(load_errors(),
              ElementsAre(testing::HasSubstr("regions.eu.to.us.round_trip: is missing")));
}

TEST_F(PlanTest, ReadsTheShippedLoadForTheShippedCluster) {
  const LoadedCluster cluster = load_cluster(PHYLLO_SOURCE_DIR "/configs/regions/cluster.yaml");
  ASSERT_TRUE(cluster.ok());
  EXPECT_THAT(load_onto(*cluster.cluster, PHYLLO_SOURCE_DIR "/configs/simulation/load.yaml").errors,
              IsEmpty());
}

}  // namespace
}  // namespace phyllo::sim
