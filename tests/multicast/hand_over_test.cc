#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/multicast/scenario.h"
#include "tests/support/seeds.h"

// A root that gives way to a closer one, and what can come between.

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

const TopicName kNews = topic("news");

/// The root hands over to a newcomer that dies before it hears of it, and the last subscriber goes
/// while the hand-over is under way: it comes back to the old root, which must not keep a tree for
/// nobody.
TEST(HandOver, ThatComesBackToWhoHasNoUseForItLeavesNoTree) {
  Grove grove(
      {.seed = seed_or(1), .plain = {.base = 20ms, .across = 1ms}});  // time to fall in between
  ASSERT_TRUE(grove.grow(6));
  const StationId root = grove.root_of(kNews);
  ASSERT_TRUE(subscribe_all(grove, {root}, kNews));
  const auto& forest = grove.member(root).forest();
  const StationId closer = grove.add(overlay::NodeId::at(multicast::TopicId::of(kNews).key()));
  grove.start(closer, {root});
  ASSERT_TRUE(grove.run_until([&] { return forest.stats().rooted_trees == 0; }));
  grove.kill(closer, Death::kSilent);
  grove.unsubscribe(root, kNews);
  EXPECT_EQ(forest.stats().trees, 0u);
  grove.run_for(10s);
  EXPECT_EQ(grove.root_of(kNews), root);
  EXPECT_EQ(forest.stats().trees, 0u);
}

}  // namespace
}  // namespace phyllo::testing
