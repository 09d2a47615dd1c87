#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/multicast/scenario.h"
#include "tests/support/seeds.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using multicast::Collapse;
using ::testing::IsEmpty;

const TopicName kNews = topic("news");

Grove::Setup with(Collapse collapse, std::uint64_t seed) {
  Grove::Setup setup{.seed = seed};
  setup.node.leaf_set_size = 4;  // or the root would be one hop away from everybody
  setup.forest.collapse = collapse;
  return setup;
}

/// Members that pass the topic on to one child and have nothing else to do with it.
std::vector<StationId> detours(const Grove& grove) {
  std::vector<StationId> found;
  for (const StationId member : grove.running()) {
    const auto part = grove.member(member).forest().part_in(kNews);
    if (part && part->parent && part->local_subscribers == 0 && part->children.size() == 1) {
      found.push_back(member);
    }
  }
  return found;
}

std::uint64_t collapses(const Grove& grove) {
  std::uint64_t sum = 0;
  for (const StationId member : grove.running()) {
    sum += grove.member(member).forest().stats().collapses;
  }
  return sum;
}

std::vector<StationId> every(const Grove& grove, std::size_t step) {
  std::vector<StationId> chosen;
  for (std::size_t i = 0; i < grove.size(); i += step) chosen.push_back(static_cast<StationId>(i));
  return chosen;
}

TEST(Collapse, ForwardersStayUnlessItIsAskedFor) {
  Grove grove(with(Collapse::kNever, 1));
  ASSERT_TRUE(grove.grow(160));
  ASSERT_TRUE(subscribe_all(grove, every(grove, 16), kNews));
  grove.run_for(10s);
  EXPECT_FALSE(detours(grove).empty());
  EXPECT_EQ(collapses(grove), 0u);
}

TEST(Collapse, AnOnlyChildGetsTheGrandparent) {
  Grove grove(with(Collapse::kOnlyChild, 1));
  ASSERT_TRUE(grove.grow(160));
  ASSERT_TRUE(subscribe_all(grove, every(grove, 16), kNews));
  EXPECT_FALSE(detours(grove).empty());
  grove.run_for(10s);
  EXPECT_GT(collapses(grove), 0u);
  EXPECT_THAT(detours(grove), IsEmpty()) << grove.report(kNews);
}

class CollapsedTree : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  Grove grove{with(Collapse::kOnlyChild, GetParam())};
};

TEST_P(CollapsedTree, HasNoForwarderWithOneChildAtRest) {
  ASSERT_TRUE(grove.grow(160));
  ASSERT_TRUE(subscribe_all(grove, every(grove, 16), kNews));
  grove.run_for(10s);
  EXPECT_THAT(detours(grove), IsEmpty()) << grove.report(kNews);
  EXPECT_THAT(check_tree(grove, kNews), IsEmpty());
}

TEST_P(CollapsedTree, LosesNothingWhileItCollapses) {
  ASSERT_TRUE(grove.grow(160));
  Traffic traffic(grove, kNews, 3);
  for (const StationId member : every(grove, 13)) {
    grove.subscribe(member, kNews);
    traffic.run_for(300ms, 5ms);
  }
  for (const StationId member : every(grove, 26)) {  // others become only children
    grove.unsubscribe(member, kNews);
    traffic.run_for(300ms, 5ms);
  }
  traffic.run_for(5s);
  grove.run_for(1s);
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
  EXPECT_EQ(reported_lost(grove, kNews), 0u);
  EXPECT_THAT(detours(grove), IsEmpty()) << grove.report(kNews);
}

TEST_P(CollapsedTree, ComesToRestWhenTheGrandparentIsFull) {
  auto setup = with(Collapse::kOnlyChild, GetParam());
  setup.forest.children_limit = 2;
  Grove full(setup);
  ASSERT_TRUE(full.grow(100));
  ASSERT_TRUE(subscribe_all(full, every(full, 8), kNews));
  Traffic traffic(full, kNews, 2);
  traffic.run_for(15s, 50ms);
  full.run_for(1s);
  const std::uint64_t before = collapses(full);
  full.run_for(30s);
  EXPECT_LE(collapses(full) - before, 30u) << "they go on for ever";
  EXPECT_THAT(check_all(full, kNews), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Seeds, CollapsedTree, ::testing::ValuesIn(seeds(1, 5)),
                         [](const auto& seed) { return std::to_string(seed.param); });

}  // namespace
}  // namespace phyllo::testing
