#include <chrono>

#include "tests/overlay/ring_expectations.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

/// An oracle that finds nothing wrong must not be one that cannot find anything.
TEST(RingOracle, SeesThatTwoRingsAreNotOne) {
  Ring ring(setup(1));
  ASSERT_TRUE(grown(ring, 12));
  EXPECT_TRUE(check_leaf_sets(ring, ring.running()).empty());
  RingWatch watch(ring, 10ms);
  for (StationId member = 0; member < 6; ++member) ring.network().put_on_side(member, 1);
  ring.run_for(10s);
  EXPECT_FALSE(watch.claims().empty());
  EXPECT_FALSE(check_leaf_sets(ring, ring.running()).empty());
  EXPECT_FALSE(check_roots(ring, ring.running(), telling_keys(ring, ring.running())).empty());
  EXPECT_FALSE(check_delivery(ring, ring.running(), 50).empty());
}

TEST(RingOracle, SeesANodeThatIsMissingAndOneThatIsDead) {
  Ring ring(setup(2));
  ASSERT_TRUE(grown(ring, 12));
  const std::vector<StationId> before = ring.running();
  EXPECT_TRUE(check_tables(ring, before, 0.9).empty());
  EXPECT_FALSE(check_tables(ring, before, 1.1).empty());
  ring.kill(5, Death::kSilent);
  EXPECT_FALSE(check_leaf_sets(ring, ring.running()).empty());
  EXPECT_FALSE(check_tables(ring, ring.running(), 0.0).empty());
  const StationId joiner = ring.add();
  ring.start(joiner, {0});
  EXPECT_FALSE(check_leaf_sets(ring, {joiner}).empty());
}

TEST(RingOracle, SeesALoopAndAStepBack) {
  Ring ring(setup(3));
  for (const unsigned id : {0x10u, 0x20u, 0x30u, 0x40u}) ring.add(overlay::NodeId(id));
  Routed message;
  message.key = overlay::Key(0x38);
  message.path = {0, 2, 3};
  EXPECT_TRUE(check_progress(ring, message).empty());
  message.path = {2, 0, 3};
  EXPECT_FALSE(check_progress(ring, message).empty());
  message.path = {0, 2, 0};
  EXPECT_FALSE(check_progress(ring, message).empty());
}

}  // namespace
}  // namespace phyllo::testing
