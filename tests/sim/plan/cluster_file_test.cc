#include "sim/plan/cluster_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/plan/cluster_folder.h"

namespace phyllo::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kShared =
    "cluster: test\n"
    "regions: {eu: {}, us: {}}\n"
    "peers: {seeds: ['tcp://a:7400', 'tcp://b:7400']}\n";

std::vector<std::string> names(const ClusterFile& cluster) {
  std::vector<std::string> all;
  for (const auto& node : cluster.nodes) all.push_back(node.name);
  return all;
}

TEST(ClusterFile, HasABrokerForEachFileThatIncludesIt) {
  const ClusterFolder folder;
  folder.write("cluster.yaml", kShared);
  folder.write_broker("b", "us");
  folder.write_broker("a", "eu");
  folder.write("more.yaml", "include: [a.yaml]\npeers: {local: {listen: 'tcp://c:7400'}}\n");
  folder.write("stranger.yaml", "colour: blue\n");
  folder.write("notes.txt", "include: [cluster.yaml]\n");
  const LoadedCluster loaded = folder.load();
  ASSERT_THAT(loaded.errors, IsEmpty());
  EXPECT_THAT(names(*loaded.cluster), ElementsAre("a", "b", "more"));
  EXPECT_THAT(loaded.cluster->regions(), ElementsAre("eu", "us"));
  EXPECT_THAT(loaded.cluster->warnings, IsEmpty());
}

TEST(ClusterFile, OfASingleBrokerIsTheWholeCluster) {
  const LoadedCluster loaded = load_cluster(PHYLLO_SOURCE_DIR "/configs/single.yaml");
  ASSERT_THAT(loaded.errors, IsEmpty());
  EXPECT_THAT(names(*loaded.cluster), ElementsAre("single"));
}

TEST(ClusterFile, OfTheShippedDeploymentsHasSixBrokers) {
  for (const char* const folder : {"regions", "demo"}) {
    const LoadedCluster loaded =
        load_cluster(std::string(PHYLLO_SOURCE_DIR "/configs/") + folder + "/cluster.yaml");
    ASSERT_THAT(loaded.errors, IsEmpty()) << folder;
    EXPECT_EQ(loaded.cluster->nodes.size(), 6u);
    EXPECT_THAT(loaded.cluster->warnings, IsEmpty()) << folder;
  }
}

TEST(ClusterFile, TellsEveryMistakeOfItsFilesOnce) {
  const ClusterFolder folder;
  folder.write("cluster.yaml", kShared + "profile: wlan\n");
  folder.write_broker("a", "eu");
  folder.write_broker("b", "mars");
  EXPECT_THAT(folder.errors(),
              ElementsAre("cluster.yaml:4:10: profile: must be one of lan, wan, paper, not 'wlan'; "
                          "did you mean 'lan'?",
                          "b.yaml:2:16: node.region: 'mars' is none of the regions: eu, us"));
}

TEST(ClusterFile, MustBeThere) {
  const ClusterFolder folder;
  EXPECT_THAT(folder.errors(), ElementsAre(testing::HasSubstr("No such file or directory")));
}

TEST(ClusterFile, RefusesABrokerAtAnothersEndpoint) {
  const ClusterFolder folder;
  folder.write("cluster.yaml", kShared);
  folder.write_broker("a", "eu");
  folder.write_broker("b", "us");
  folder.write("twin.yaml",
               "include: [cluster.yaml]\nnode: {region: us}\n"
               "peers: {local: {listen: 'tcp://c:7400'}, wan: {advertise: 'tcp://a:7400'}}\n");
  EXPECT_THAT(folder.errors(), ElementsAre("twin.yaml:3:59: peers.wan.advertise: 'tcp://a:7400' is "
                                           "what a gives for its endpoint, too"));
}

TEST(ClusterFile, AllowsTheSamePrivateAddressInTwoRegions) {
  const ClusterFolder folder;
  folder.write("cluster.yaml", kShared);
  for (const std::string name : {"a", "b"}) {
    std::string text = "include: [cluster.yaml]\nnode: {region: ";
    text.append(name == "a" ? "eu" : "us")
        .append("}\npeers: {local: {listen: 'tcp://10.0.0.1:7400'}, ");
    text.append("wan: {advertise: 'tcp://").append(name).append(":7400'}}\n");
    folder.write(name + ".yaml", text);
  }
  EXPECT_THAT(folder.errors(), IsEmpty());
}

TEST(ClusterFile, RefusesTwoBrokersWithOneId) {
  const ClusterFolder folder;
  folder.write("cluster.yaml", kShared);
  const std::string id = "0123456789abcdef0123456789abcdef";
  for (const std::string name : {"a", "b"}) {
    std::string text = "include: [cluster.yaml]\nnode: {region: eu, id: ";
    text.append(id).append("}\npeers: {local: {listen: 'tcp://").append(name).append(":7400'}}\n");
    folder.write(name + ".yaml", text);
  }
  EXPECT_THAT(folder.errors(), ElementsAre("b.yaml:2:24: node.id: is that of a, too: " + id));
}

TEST(ClusterFile, RefusesBrokersThatDoNotAgreeOnTheRegions) {
  const ClusterFolder folder;
  folder.write("cluster.yaml", kShared);
  folder.write_broker("a", "eu");
  folder.write_broker("b", "us", "regions: {ap: {}}\n");
  EXPECT_THAT(folder.errors(), ElementsAre("b.yaml:4:10: regions: differs from that of a"));
}

TEST(ClusterFile, RefusesABrokerThatOtherRegionsCannotReach) {
  const ClusterFolder folder;
  folder.write("cluster.yaml", "regions: {eu: {}, us: {}}\npeers: {seeds: []}\n");
  folder.write_broker("a", "eu");
  folder.write("b.yaml",
               "include: [cluster.yaml]\nnode: {region: us}\n"
               "peers:\n  local: {listen: 'tcp://127.0.0.1:7400'}\n");
  EXPECT_THAT(folder.errors(),
              ElementsAre("b.yaml:4:3: peers.wan.advertise: brokers of other regions, as a, are "
                          "told to connect to 'tcp://127.0.0.1:7400', which leads them to "
                          "themselves"));
}

TEST(ClusterFile, AllowsAClusterOfRegionsOnOneHost) {
  const ClusterFolder folder;
  folder.write("cluster.yaml", "regions: {eu: {}, us: {}}\npeers: {seeds: []}\n");
  for (const std::string name : {"1", "2"}) {
    folder.write(
        name + ".yaml",
        "include: [cluster.yaml]\nnode: {region: " + std::string(name == "1" ? "eu" : "us") +
            "}\npeers: {local: {listen: 'tcp://127.0.0." + name + ":7400'}}\n");
  }
  EXPECT_THAT(folder.errors(), IsEmpty());
}

TEST(ClusterFile, WarnsOfAPrivateAddressGivenToOtherRegions) {
  const ClusterFolder folder;
  folder.write(
      "cluster.yaml",
      "regions: {eu: {}, us: {}}\npeers: {seeds: ['tcp://a:7400', 'tcp://172.16.0.9:7400']}\n");
  folder.write_broker("a", "eu");
  folder.write("b.yaml",
               "include: [cluster.yaml]\nnode: {region: us}\n"
               "peers: {local: {listen: 'tcp://172.16.0.9:7400'}}\n");
  const LoadedCluster loaded = folder.load();
  ASSERT_THAT(loaded.errors, IsEmpty());
  EXPECT_THAT(loaded.cluster->warnings,
              ElementsAre("b: brokers of other regions, as a, are told to connect to "
                          "'tcp://172.16.0.9:7400', an address of a private network"));
}

TEST(ClusterFile, WarnsOfWhatIsStrange) {
  const ClusterFolder folder;
  folder.write("cluster.yaml",
               "regions: {ap: {}, eu: {}, us: {}}\n"
               "peers: {seeds: ['tcp://a:7400', 'tcp://gone:7400']}\n");
  folder.write_broker("a", "eu");
  folder.write_broker("b", "us", "clients: {connections: 5}\n");
  const LoadedCluster loaded = folder.load();
  ASSERT_THAT(loaded.errors, IsEmpty());
  EXPECT_THAT(
      loaded.cluster->warnings,
      ElementsAre("b: clients.connections: differs from that of a",
                  "seed tcp://gone:7400 is no endpoint that a broker of this cluster gives for its "
                  "own",
                  "region ap has no broker",
                  "region us has no seed: its brokers cannot restart while it is cut off"));
}

}  // namespace
}  // namespace phyllo::sim
