#include "base/random.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <set>

namespace phyllo {
namespace {

TEST(Random, of_one_seed_is_the_same_on_every_machine) {
  // The reference implementation (xoshiro256**, state filled by splitmix64 from 42).
  Random random(42);
  EXPECT_EQ(random.next(), 1546998764402558742u);
  EXPECT_EQ(random.next(), 6990951692964543102u);
  EXPECT_EQ(random.next(), 12544586762248559009u);
}

TEST(Random, of_neighbouring_seeds_has_nothing_in_common) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed);
    for (int i = 0; i < 10; ++i) seen.insert(random.next());
  }
  EXPECT_EQ(seen.size(), 1000u);
}

RC_GTEST_PROP(Random, below_stays_below, (std::uint64_t seed)) {
  Random random(seed);
  const auto bound = *rc::gen::inRange<std::uint64_t>(1, ~std::uint64_t{0});
  for (int i = 0; i < 50; ++i) RC_ASSERT(random.below(bound) < bound);
  RC_ASSERT(random.below(1) == 0u);
}

TEST(Random, below_is_even) {
  Random random(7);
  std::array<int, 10> counts{};
  for (int i = 0; i < 100'000; ++i) ++counts[random.below(10)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

TEST(Random, chance_comes_as_often_as_it_says) {
  Random random(9);
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) hits += random.chance(0.05) ? 1 : 0;
  EXPECT_NEAR(hits, 5000, 300);
  EXPECT_FALSE(random.chance(0));
  EXPECT_TRUE(random.chance(1));
}

RC_GTEST_PROP(Random, around_stays_within_the_spread, (std::uint64_t seed)) {
  Random random(seed);
  const Duration middle = std::chrono::milliseconds(*rc::gen::inRange(1, 100'000));
  for (int i = 0; i < 20; ++i) {
    const Duration value = random.around(middle, 0.25);
    RC_ASSERT(value >= middle * 3 / 4 - Duration(1));
    RC_ASSERT(value <= middle * 5 / 4 + Duration(1));
  }
  RC_ASSERT(random.around(middle, 0) == middle);
}

TEST(Random, fork_goes_its_own_way) {
  Random parent(3);
  Random child = parent.fork();
  EXPECT_NE(parent.next(), child.next());
}

}  // namespace
}  // namespace phyllo
