// What lies under configs/ must work.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "broker/config/settings.h"
#include "broker/config/socket_address.h"

namespace phyllo::broker {
namespace {

namespace fs = std::filesystem;

const fs::path kConfigs = fs::path(PHYLLO_SOURCE_DIR) / "configs";

/// A fragment, which other files include and which need not be complete.
bool is_shared(const fs::path& file) { return file.filename() == "cluster.yaml"; }

std::vector<fs::path> brokers_under(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const bool scenario = entry.path().parent_path().filename() == "simulation";
    if (entry.path().extension() == ".yaml" && !is_shared(entry.path()) && !scenario) {
      files.push_back(entry.path());
    }
  }
  return files;
}

TEST(ShippedConfigs, EveryFileLoads) {
  const std::vector<fs::path> files = brokers_under(kConfigs);
  EXPECT_GE(files.size(), 14u);
  for (const fs::path& file : files) {
    EXPECT_THAT(load_settings(file).errors, testing::ElementsAre()) << file;
  }
}

TEST(ShippedConfigs, EverySharedFileIsIncludedBySomeBroker) {
  for (const auto& entry : fs::recursive_directory_iterator(kConfigs)) {
    if (is_shared(entry.path())) {
      EXPECT_FALSE(brokers_under(entry.path().parent_path()).empty()) << entry.path();
    }
  }
}

std::vector<Settings> cluster_in(const char* folder) {
  std::vector<Settings> brokers;
  for (const fs::path& file : brokers_under(kConfigs / folder)) {
    brokers.push_back(load_settings(file).settings.value());
  }
  return brokers;
}

class ShippedCluster : public testing::TestWithParam<const char*> {
 protected:
  std::vector<Settings> brokers_ = cluster_in(GetParam());
};

TEST_P(ShippedCluster, HasThreeRegionsOfTwoBrokersWithIdsOfTheirOwn) {
  std::map<std::string, int> brokers_of;
  std::set<overlay::NodeId> ids;
  for (const Settings& broker : brokers_) {
    ++brokers_of[broker.region];
    ids.insert(node_id_of(broker, advertised_place(broker, {})));
  }
  EXPECT_THAT(brokers_of,
              testing::ElementsAre(testing::Pair("ap-south", 2), testing::Pair("eu-west", 2),
                                   testing::Pair("us-east", 2)));
  EXPECT_EQ(ids.size(), 6u);
}

TEST_P(ShippedCluster, SharesItsNameAndSeedsWhichAreBrokersOfIt) {
  std::set<std::string> wan;
  for (const Settings& broker : brokers_) wan.insert(advertised_place(broker, {}).wan.text());
  for (const Settings& broker : brokers_) {
    EXPECT_EQ(broker.core.cluster, brokers_.front().core.cluster);
    EXPECT_EQ(broker.peers.seeds, brokers_.front().peers.seeds);
    for (const auto& seed : broker.peers.seeds) EXPECT_TRUE(wan.contains(seed.text()));
  }
}

INSTANTIATE_TEST_SUITE_P(Configs, ShippedCluster, testing::Values("demo", "regions"),
                         [](const auto& folder) { return std::string(folder.param); });

TEST(ShippedConfigs, TheDeploymentInRegionsHasPricesDelaysAndRulesForTopics) {
  for (const Settings& broker : cluster_in("regions")) {
    const regions::RegionTable table = region_table(broker.regions);
    ASSERT_THAT(table.names(), testing::ElementsAre("ap-south", "eu-west", "us-east"));
    for (std::size_t from = 0; from < table.size(); ++from) {
      for (std::size_t to = 0; to < table.size(); ++to) {
        if (from == to) continue;
        EXPECT_GT(table.border(from, to).price_per_gb, 0);
        EXPECT_GT(table.border(from, to).delay, Duration::zero());
      }
    }
    const regions::Fence fence = fence_of(broker.topics);
    const TopicName patient = TopicName::parse("patients/eu/7/pulse").value();
    EXPECT_TRUE(fence.allows(patient, "eu-west"));
    EXPECT_FALSE(fence.allows(patient, "us-east"));
  }
}

TEST(ShippedConfigs, TheDemoRunsOnOneHostBesideAnotherBroker) {
  std::vector<overlay::Endpoint> sockets;
  for (const Settings& broker : cluster_in("demo")) {
    sockets.push_back(broker.peers.listen_local);
    sockets.push_back(broker.peers.listen_wan);
    sockets.insert(sockets.end(), broker.clients.listen.begin(), broker.clients.listen.end());
    const std::string http = "tcp://" + show_host_port(*broker.http.listen);
    sockets.push_back(*overlay::Endpoint::parse(http));
    EXPECT_NE(advertised_place(broker, {}).local, advertised_place(broker, {}).wan);
  }
  std::set<std::uint16_t> ports = {7400, 7401, 7480};
  for (const overlay::Endpoint& socket : sockets) {
    EXPECT_TRUE(socket_address(socket).loopback()) << socket.text();
    EXPECT_TRUE(ports.insert(socket_address(socket).port).second) << socket.text();
  }
}

}  // namespace
}  // namespace phyllo::broker
