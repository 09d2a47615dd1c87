#include "sim/oracle/cluster_oracle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/oracle/recovery.h"
#include "sim/oracle/tree_oracle.h"

// An oracle that finds nothing wrong must not be one that cannot find anything.

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using overlay::NodeId;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ClusterOracle : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(cluster_.grow(12));
    for (StationId id = 0; id < 6; ++id) cluster_.program(id).subscribe("t");
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, 5s));
    cluster_.run_for(1s);
    ASSERT_THAT(check_at_rest(cluster_), IsEmpty());
    ASSERT_THAT(check_publications(cluster_), IsEmpty());
  }

  Cluster cluster_{{.seed = 7}};
};

TEST_F(ClusterOracle, SeesThatTwoRingsAreNotOne) {
  ClusterWatch watch(cluster_, 20ms);
  for (StationId id = 0; id < 6; ++id) cluster_.network().put_on_side(id, 1);
  cluster_.run_for(10s);
  EXPECT_FALSE(watch.claims().empty());
  EXPECT_GT(watch.looks(), 400u);
  EXPECT_FALSE(check_ring(cluster_).empty());
}

TEST_F(ClusterOracle, SeesADeadBrokerInRingAndTree) {
  cluster_.kill(cluster_.closest_to("t"), Death::kSilent);
  EXPECT_FALSE(check_ring(cluster_).empty());
  EXPECT_FALSE(check_trees(cluster_).empty());
  EXPECT_FALSE(check_recovery(cluster_, {.ring = 100ms, .trees = 0ms, .cleanup = 0ms}).empty());
}

TEST_F(ClusterOracle, SeesTheTreeOfATopicThatNobodyUses) {
  Program& program = cluster_.program(3);
  program.subscribe("u");
  ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, 5s));
  EXPECT_THAT(check_trees(cluster_), IsEmpty());
  program.leave();
  EXPECT_THAT(check_trees(cluster_), Contains(HasSubstr("trees, of which")));
}

TEST_F(ClusterOracle, SeesAMessageThatDidNotArrive) {
  for (StationId id = 0; id < 6; ++id) cluster_.pause(id);
  EXPECT_FALSE(check_publications(cluster_, 100ms).empty());
  EXPECT_THAT(check_programs(cluster_), Contains(HasSubstr("waits for an acknowledgement")));
}

TEST_F(ClusterOracle, SeesWhatIsLeftOver) {
  EXPECT_THAT(check_cleanup(cluster_, 0ms), Contains(HasSubstr("still has")));
  EXPECT_THAT(check_cleanup(cluster_, 5s), IsEmpty());
}

multicast::TreeNode tree_node(unsigned id, std::optional<unsigned> parent,
                              std::vector<unsigned> children, std::uint64_t local,
                              std::uint64_t subtree) {
  multicast::TreeNode node{
      overlay::Contact(NodeId(id), 1, {}), !parent, std::nullopt, {}, local, subtree};
  if (parent) node.parent = NodeId(*parent);
  for (const unsigned child : children) node.children.push_back(NodeId(child));
  return node;
}

TreeParts parts(const std::vector<multicast::TreeNode>& nodes) {
  TreeParts parts;
  for (const auto& node : nodes) parts.emplace(node.node.id(), node);
  return parts;
}

TEST(TreeOracle, FindsNothingWrongWithATree) {
  const auto tree =
      parts({tree_node(1, {}, {2}, 0, 3), tree_node(2, 1, {3}, 0, 3), tree_node(3, 2, {}, 3, 3)});
  EXPECT_THAT(check_tree(tree, NodeId(1), {{NodeId(3), 3}}), IsEmpty());
}

TEST(TreeOracle, SeesWhateverIsWrongWithATree) {
  const auto complaint = [](const std::vector<multicast::TreeNode>& nodes) {
    return check_tree(parts(nodes), NodeId(1), {{NodeId(3), 1}});
  };
  const auto root = tree_node(1, {}, {3}, 0, 1);
  const auto leaf = tree_node(3, 1, {}, 1, 1);
  ASSERT_THAT(complaint({root, leaf}), IsEmpty());
  EXPECT_THAT(complaint({tree_node(1, {}, {}, 0, 0)}), Contains(HasSubstr("has no part")));
  EXPECT_THAT(complaint({root, tree_node(3, 1, {}, 0, 0)}), Contains(HasSubstr("should have 1")));
  EXPECT_THAT(complaint({root, leaf, tree_node(4, {}, {}, 1, 1)}),
              Contains(HasSubstr("root by mistake")));
  EXPECT_THAT(complaint({tree_node(4, {}, {3}, 0, 1), tree_node(3, 4, {}, 1, 1)}),
              Contains(HasSubstr("should be root")));
  EXPECT_THAT(complaint({tree_node(1, {}, {}, 0, 0), leaf}),
              Contains(HasSubstr("not among the children")));
  EXPECT_THAT(complaint({tree_node(1, {}, {3, 5}, 0, 1), leaf}), Contains(HasSubstr("lists")));
  EXPECT_THAT(complaint({tree_node(1, {}, {3}, 0, 7), leaf}), Contains(HasSubstr("counts 7")));
  EXPECT_THAT(complaint({tree_node(1, {}, {3, 5}, 0, 1), leaf, tree_node(5, 1, {}, 0, 0)}),
              Contains(HasSubstr("leaf without subscribers")));
  EXPECT_THAT(complaint({root, tree_node(3, 4, {4}, 1, 1), tree_node(4, 3, {3}, 0, 1)}),
              Contains(HasSubstr("cycle")));
  auto root_with_parent = root;
  root_with_parent.parent = NodeId(3);
  EXPECT_THAT(complaint({root_with_parent, leaf}), Contains(HasSubstr("root and has a parent")));
}

}  // namespace
}  // namespace phyllo::sim
