#include <gtest/gtest.h>

#include <cmath>

#include "sim/experiment/pastry_growth.h"
#include "tests/support/seeds.h"

namespace phyllo::sim {
namespace {

/// Sanitizers make everything ten times slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kSmallest = 125;
#else
constexpr std::size_t kSmallest = 1'000;
#endif
constexpr std::size_t kLookups = 2'000;

class Unseen final : public Progress {
 public:
  void update(const Advance&) override {}
};

/// One ring that grows by single joins, looked at whenever its size has doubled. `phyllo sim
/// pastry` goes on to ten thousand nodes, which takes too long for a test.
TEST(RingOfThousands, TakesLogarithmicallyManyHopsOnShortWaysAndNeverToAWrongRoot) {
  PastrySetup setup;
  setup.runs = {{testing::seed_or(1)}, 1};
  setup.growth = {{kSmallest, 2 * kSmallest, 4 * kSmallest, 8 * kSmallest}, kLookups};
  Unseen progress;
  const auto rings = run_seeds<std::vector<GrownRing>>(
      setup.runs, progress,
      [&](std::uint64_t seed, SeedProgress& mine) { return run_growth(setup, seed, mine); });
  ASSERT_EQ(rings[0].size(), setup.growth.sizes.size());
  for (const GrownRing& ring : rings[0]) {
    SCOPED_TRACE(std::to_string(ring.nodes) + " nodes, seed " +
                 std::to_string(setup.runs.seeds[0]));
    ASSERT_FALSE(ring.hung);
    EXPECT_EQ(ring.lookups.reached, kLookups);
    EXPECT_EQ(ring.lookups.wrong + ring.lookups.missing, 0u);
    const double digits = std::log(static_cast<double>(ring.nodes)) / std::log(16.0);
    EXPECT_LT(ring.lookups.hops, digits + 0.1);
    EXPECT_GT(ring.lookups.hops, digits - 1);
    EXPECT_LT(ring.lookups.stretch, 1.9);
  }
}

}  // namespace
}  // namespace phyllo::sim
