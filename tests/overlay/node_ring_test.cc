#include <gtest/gtest.h>

#include "tests/support/ring.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

TEST(NodeRing, TwentyNodesJoinAndEveryKeyReachesItsRoot) {
  Ring ring({.seed = 7});
  ASSERT_TRUE(ring.grow(20)) << ring.report();
  const auto members = ring.active();
  std::vector<std::uint64_t> messages;
  for (int i = 0; i < 500; ++i)
    messages.push_back(ring.route(ring.pick(members), ring.random_key()));
  ring.run_for(1s);
  for (const std::uint64_t number : messages) {
    const Routed& message = ring.routed()[number];
    ASSERT_TRUE(message.delivered_once()) << ring.report();
    EXPECT_FALSE(message.deliveries.front().closer) << ring.report();
  }
}

}  // namespace
}  // namespace phyllo::testing
