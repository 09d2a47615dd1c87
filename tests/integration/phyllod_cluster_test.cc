// Clusters of real daemons: they come and go, and keep their places.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/support/processes/phyllod_cluster.h"

namespace phyllo::test {
namespace {

using std::chrono::seconds;

TEST(PhyllodClusterTest, BrokersOfTwoRegionsFormOneRing) {
  PhyllodCluster cluster;
  ASSERT_TRUE(cluster.start({"eu", "eu", "us"}));
  EXPECT_TRUE(eventually(
      [&] {
        for (std::size_t i = 0; i < cluster.size(); ++i) {
          if (cluster[i].metric("phyllo_leaf_set_size") != 2.0) return false;
        }
        return true;
      },
      seconds(10)));
}

TEST(PhyllodClusterTest, ComesBackWithItsIdAndPortsAfterACrash) {
  PhyllodCluster cluster;
  ASSERT_TRUE(cluster.start({"eu", "eu"}));
  const BrokerPorts before = cluster[1].ports();
  cluster[1].crash();
  EXPECT_FALSE(cluster[1].running());
  ASSERT_TRUE(cluster.restart(cluster[1]));
  EXPECT_TRUE(cluster[1].wait_ready());
  EXPECT_EQ(cluster[1].ports().node, before.node);
  EXPECT_EQ(cluster[1].ports().wan, before.wan);
  EXPECT_EQ(cluster[1].ports().clients, before.clients);
}

TEST(PhyllodClusterTest, EachBrokerHasASocketForItsRegionAndOneForTheOthers) {
  PhyllodCluster cluster;
  ASSERT_TRUE(cluster.start({"eu"}));
  EXPECT_NE(cluster[0].ports().local, cluster[0].ports().wan);
}

TEST(PhyllodClusterTest, AllBrokersCanBeRestartedOneAfterTheOther) {
  PhyllodCluster cluster;
  ASSERT_TRUE(cluster.start({"eu", "us", "ap"}));
  for (std::size_t i = 0; i < cluster.size(); ++i) {
    const std::string node = cluster[i].ports().node;
    const auto end = cluster[i].drain();
    ASSERT_TRUE(end);
    EXPECT_EQ(end->status, 0);
    ASSERT_TRUE(cluster.restart(cluster[i]));
    EXPECT_TRUE(cluster[i].wait_ready());
    EXPECT_EQ(cluster.find(node), &cluster[i]);
  }
}

TEST(PhyllodClusterTest, AnswersAgainAfterAPause) {
  PhyllodCluster cluster;
  ASSERT_TRUE(cluster.start({"eu"}));
  cluster[0].freeze();
  EXPECT_EQ(cluster[0].get("/healthz").status, 0);
  cluster[0].thaw();
  EXPECT_TRUE(cluster[0].wait_ready());
}

TEST(PhyllodClusterTest, KeepsItsSettingsWhenTheNewOnesAreWrong) {
  PhyllodCluster cluster;
  ASSERT_TRUE(cluster.start({"eu"}));
  cluster[0].set_settings("logging: {levels: {overlai: debug}}\n");
  cluster[0].process().signal(SIGHUP);
  EXPECT_TRUE(eventually(
      [&] { return cluster[0].log().find("did you mean 'overlay'?") != std::string::npos; },
      seconds(10)));
  EXPECT_EQ(cluster[0].get("/readyz").status, 200);
}

TEST(PhyllodClusterTest, WritesJsonLinesWithNodeAndRegion) {
  PhyllodCluster cluster("logging: {format: json, level: debug}\n");
  ASSERT_TRUE(cluster.start({"eu", "us"}));
  const std::string node = cluster[1].ports().node;
  cluster[1].drain();
  std::istringstream lines(cluster[1].log());
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(json.is_object()) << line;
    EXPECT_EQ(json["region"], "us") << line;
    EXPECT_EQ(json["node"], node.substr(0, 8)) << line;
  }
  EXPECT_GT(count, 3u);
}

}  // namespace
}  // namespace phyllo::test
