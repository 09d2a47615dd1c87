// Real daemons in two regions: two rings of two brokers, and one of four.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include <phyllo/client.h>

#include "tests/support/processes/phyllod_cluster.h"

namespace phyllo::test {
namespace {

using std::chrono::seconds;

constexpr const char* kRegions = "regions: {eu: {}, us: {}}\n";

class PhyllodRingsTest : public ::testing::Test {
 protected:
  /// Whether every broker that runs has so many leaves in either ring.
  bool leaves(double home, double global) {
    for (std::size_t i = 0; i < cluster_.size(); ++i) {
      if (!cluster_[i].running()) continue;
      if (cluster_[i].metric("phyllo_leaf_set_size{ring=\"home\"}") != home) return false;
      if (cluster_[i].metric("phyllo_leaf_set_size{ring=\"global\"}") != global) return false;
    }
    return true;
  }

  PhyllodCluster cluster_{kRegions};
};

TEST_F(PhyllodRingsTest, FormARingOfEachRegionAndOneOfAll) {
  ASSERT_TRUE(cluster_.start({"eu", "us", "eu", "us"}));
  ASSERT_TRUE(eventually([&] { return leaves(1, 3); }, seconds(30)));
  Client client({cluster_.client_endpoints()[0]});
  const StatusOr<PeersInfo> peers = client.peers(seconds(5));
  ASSERT_TRUE(peers.ok());
  ASSERT_EQ(peers->left_leaves.size(), 1u);
  EXPECT_EQ(peers->left_leaves[0].region, "eu");
  ASSERT_TRUE(peers->global_ring.has_value());
  EXPECT_EQ(peers->global_ring->state, "active");
  EXPECT_EQ(peers->global_ring->left_leaves.size(), 3u);
}

TEST_F(PhyllodRingsTest, KeepTheTreeOfATopicOfOneRegionInIt) {
  ASSERT_TRUE(cluster_.start({"eu", "us", "eu", "us"}));
  Client one({cluster_.client_endpoints()[0]});
  Client other({cluster_.client_endpoints()[2]});
  const auto subscription = one.subscribe("a/b");
  ASSERT_TRUE(subscription) << subscription.status().message();
  ASSERT_TRUE(eventually([&] {
    const StatusOr<TreeInfo> tree = other.tree("a/b", seconds(5));
    return tree.ok() && tree->complete && !tree->nodes.empty() &&
           std::ranges::all_of(tree->nodes,
                               [](const TreeNode& node) { return node.region == "eu"; });
  }));
}

TEST_F(PhyllodRingsTest, BothNoticeThatABrokerIsGone) {
  ASSERT_TRUE(cluster_.start({"eu", "us", "eu", "us"}));
  ASSERT_TRUE(eventually([&] { return leaves(1, 3); }, seconds(30)));
  cluster_[2].crash();
  EXPECT_TRUE(eventually(
      [&] {
        return cluster_[0].metric("phyllo_leaf_set_size{ring=\"home\"}") == 0.0 &&
               cluster_[0].metric("phyllo_leaf_set_size{ring=\"global\"}") == 2.0 &&
               cluster_[1].metric("phyllo_leaf_set_size{ring=\"global\"}") == 2.0;
      },
      seconds(20)));
}

}  // namespace
}  // namespace phyllo::test
