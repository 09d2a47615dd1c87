#include "cli/tree_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace phyllo::cli {
namespace {

std::string id(char digit) { return std::string(32, digit); }

TreeNode node(char digit, std::string region, std::string children, std::uint64_t here,
              std::uint64_t subtree) {
  TreeNode made;
  made.node_id = id(digit);
  made.region = std::move(region);
  made.endpoint = "tcp://10.0.0.#:7400";
  std::ranges::replace(made.endpoint, '#', digit);
  for (const char child : children) made.children.push_back(id(child));
  made.local_subscribers = here;
  made.subtree_subscribers = subtree;
  return made;
}

TreeInfo sample() {
  TreeInfo tree;
  tree.topic = "sensors/temp";
  tree.topic_id = id('f');
  tree.complete = true;
  tree.nodes.push_back(node('1', "europe", "24", 2, 1'234));
  tree.nodes.push_back(node('2', "asia", "3", 0, 2));
  tree.nodes.push_back(node('3', "asia", "", 2, 2));
  tree.nodes.push_back(node('4', "america", "", 1'230, 1'230));
  tree.nodes[0].root = true;
  return tree;
}

TEST(TreeText, DrawsTheTreeUnderTheRoot) {
  EXPECT_EQ(tree_text(sample(), Glyphs::kUnicode),
            "sensors/temp (id ffffffffffffffffffffffffffffffff): 1,234 subscribers at 4 brokers in "
            "3 regions\n"
            "BROKER            REGION   ROLE        HERE  BELOW  ENDPOINT\n"
            "11111111          europe   root           2  1,232  tcp://10.0.0.1:7400\n"
            "├── 22222222      asia     forwarder      0      2  tcp://10.0.0.2:7400\n"
            "│   └── 33333333  asia     member         2      0  tcp://10.0.0.3:7400\n"
            "└── 44444444      america  member     1,230      0  tcp://10.0.0.4:7400\n");
}

TEST(TreeText, DrawsInAsciiWhereTheLocaleHasNothingElse) {
  EXPECT_THAT(tree_lines(sample(), Glyphs::kAscii),
              testing::Contains("|   `-- 33333333  asia     member         2      0  "
                                "tcp://10.0.0.3:7400"));
}

TEST(TreeText, ShowsChildrenThatDidNotAnswer) {
  TreeInfo tree = sample();
  tree.nodes.erase(tree.nodes.begin() + 2);
  EXPECT_THAT(tree_lines(tree, Glyphs::kUnicode),
              testing::Contains("│   └── 33333333           did not answer"));
}

TEST(TreeText, ShowsBrokersWhoseParentDidNotAnswer) {
  TreeInfo tree = sample();
  tree.nodes.erase(tree.nodes.begin() + 1);
  EXPECT_THAT(tree_lines(tree, Glyphs::kUnicode),
              testing::Contains(testing::StartsWith("? 33333333")));
}

TEST(TreeText, DrawsEachBrokerOnceEvenIfTheAnswerHasACycle) {
  TreeInfo tree = sample();
  tree.nodes[2].children.push_back(id('1'));
  tree.nodes[2].children.push_back(id('2'));
  EXPECT_EQ(tree_lines(tree, Glyphs::kUnicode).size(), 1u + 4u);
}

TEST(TreeText, EndsAChainThatPretendsToBeEndless) {
  TreeInfo tree;
  for (int i = 0; i < 1000; ++i) {
    TreeNode one;
    one.node_id = "node " + std::to_string(i);
    one.children.push_back("node " + std::to_string(i + 1));
    one.root = i == 0;
    tree.nodes.push_back(one);
  }
  EXPECT_GE(tree_lines(tree, Glyphs::kAscii).size(), 1'000u);
}

TEST(TreeText, SaysHowRegionsAreReachedAndWhichDidNotAnswer) {
  TreeInfo tree = sample();
  tree.regions = {{"europe", true, true, {{"asia", {}}, {"america", {"asia", "africa"}}}},
                  {"africa", false, false, {}},
                  {"america", true, false, {}},
                  {"asia", true, true, {}}};
  tree.regions_unknown = true;
  EXPECT_THAT(
      border_lines(tree),
      testing::ElementsAre("europe -> asia: directly", "europe -> america: through asia, africa",
                           "africa did not answer in time", "america answered in part only",
                           "nobody said in time which other regions there are"));
  EXPECT_THAT(tree_text(tree, Glyphs::kAscii),
              testing::EndsWith("asia, africa\nafrica did not answer in time\n"
                                "america answered in part only\n"
                                "nobody said in time which other regions there are\n"));
}

TEST(TreeText, EscapesWhatBrokersSay) {
  TreeInfo tree = sample();
  tree.nodes[0].region = "eu\x1b[31m";
  tree.regions = {{"eu\x1b[31m", false, false, {{"us\x1b", {"ap\x1b"}}}}};
  EXPECT_THAT(tree_text(tree, Glyphs::kUnicode), testing::Not(testing::HasSubstr("\x1b")));
}

}  // namespace
}  // namespace phyllo::cli
