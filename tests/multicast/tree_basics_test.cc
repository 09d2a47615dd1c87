#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/multicast/scenario.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

TEST(Tree, ReachesAllSubscribersInOrder) {
  Grove grove({.seed = 7});
  ASSERT_TRUE(grove.grow(50));
  const TopicName news = topic("news");
  for (const StationId member : grove.running()) grove.subscribe(member, news);
  ASSERT_TRUE(grove.run_until([&] { return live(grove, news); }));
  for (int i = 0; i < 5; ++i) grove.publish(grove.pick(grove.running()), news, 1 + i, 3);
  grove.run_for(3s);
  for (const StationId member : grove.running()) EXPECT_EQ(grove.delivered(member, news), 15u);
  EXPECT_THAT(check_tree(grove, news), IsEmpty());
  EXPECT_THAT(check_order(grove, news), IsEmpty());
  EXPECT_THAT(check_nothing_silent(grove, news), IsEmpty());
  EXPECT_EQ(reported_lost(grove, news), 0u);
}

}  // namespace
}  // namespace phyllo::testing
