#include "regions/route_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;
using Leg = RoutePlan::Leg;
using testing::ElementsAre;
using testing::IsEmpty;

RegionTable table_of(std::size_t regions, double price, Duration delay) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < regions; ++i) names.push_back("r" + std::to_string(i));
  RegionTable table(std::move(names));
  for (std::size_t a = 0; a < regions; ++a) {
    for (std::size_t b = 0; b < regions; ++b) {
      if (a != b) table.border(a, b) = {.price_per_gb = price, .delay = delay};
    }
  }
  return table;
}

TEST(RoutePlan, SendsDirectlyWhenAllBordersCostTheSame) {
  const auto plan = plan_routes(table_of(4, .02, 10ms), {0, {1, 2, 3}, {}, 1h});
  EXPECT_THAT(plan.legs, ElementsAre(Leg{0, 1}, Leg{0, 2}, Leg{0, 3}));
  EXPECT_DOUBLE_EQ(plan.price, .06);
}

TEST(RoutePlan, SendsDirectlyWhenNothingCostsAnything) {
  RegionTable table = table_of(3, 0, 100ms);
  table.border(1, 2).delay = 1ms;
  EXPECT_THAT(plan_routes(table, {0, {1, 2}, {}, 1h}).legs, ElementsAre(Leg{0, 1}, Leg{0, 2}));
}

TEST(RoutePlan, PaysOnceAndPassesOnWhereItIsFree) {
  // One link over the ocean, then free ones.
  RegionTable table = table_of(4, .09, 40ms);
  for (const auto& [a, b] : {std::pair{1, 2}, {1, 3}, {2, 3}, {2, 1}, {3, 1}, {3, 2}}) {
    table.border(a, b) = {.price_per_gb = 0, .delay = 5ms};
  }
  const auto plan = plan_routes(table, {0, {1, 2, 3}, {}, 10ms});
  EXPECT_THAT(plan.legs, ElementsAre(Leg{0, 3}, Leg{3, 1}, Leg{3, 2}));  // none in a third leg
  EXPECT_DOUBLE_EQ(plan.price, .09);
}

TEST(RoutePlan, SendsDirectlyWhereARelayWouldTakeTooLong) {
  RegionTable table = table_of(3, .09, 40ms);
  table.border(1, 2) = {.price_per_gb = 0, .delay = 20ms};
  EXPECT_THAT(plan_routes(table, {0, {1, 2}, {}, 20ms}).legs, ElementsAre(Leg{0, 1}, Leg{1, 2}));
  EXPECT_THAT(plan_routes(table, {0, {1, 2}, {}, 19ms}).legs, ElementsAre(Leg{0, 1}, Leg{0, 2}));
}

TEST(RoutePlan, GoesThroughARegionWithoutInterestOnlyWhenThatCostsLess) {
  RegionTable table = table_of(4, .09, 10ms);
  table.border(0, 3).price_per_gb = .02;
  table.border(3, 1).price_per_gb = .01;
  table.border(3, 2).price_per_gb = .01;
  EXPECT_THAT(plan_routes(table, {0, {1, 2}, {3}, 1h}).legs,
              ElementsAre(Leg{0, 3}, Leg{3, 1}, Leg{3, 2}));
  EXPECT_THAT(plan_routes(table, {0, {1, 2}, {}, 1h}).legs, ElementsAre(Leg{0, 1}, Leg{0, 2}));
  table.border(0, 3).price_per_gb = .17;
  EXPECT_THAT(plan_routes(table, {0, {1, 2}, {3}, 1h}).legs, ElementsAre(Leg{0, 1}, Leg{0, 2}));
}

TEST(RoutePlan, GoesThroughARegionThatIsOnlyQuickerWhenThatLetsAnotherPassOnInTime) {
  // 1 could pass on to 2 for nothing, but hears too late directly; by way of 3 it hears sooner.
  RegionTable table = table_of(4, .09, 50ms);
  table.border(0, 1).price_per_gb = 0;
  table.border(1, 2) = {.price_per_gb = 0, .delay = 10ms};
  table.border(0, 3) = {.price_per_gb = .01, .delay = 5ms};
  table.border(3, 1) = {.price_per_gb = .01, .delay = 5ms};
  EXPECT_THAT(plan_routes(table, {0, {1, 2}, {3}, 0ms}).legs,
              ElementsAre(Leg{0, 3}, Leg{3, 1}, Leg{1, 2}));
  EXPECT_THAT(plan_routes(table, {0, {1, 2}, {3}, 10ms}).legs, ElementsAre(Leg{0, 1}, Leg{1, 2}));
  EXPECT_THAT(plan_routes(table, {0, {1, 2}, {}, 0ms}).legs, ElementsAre(Leg{0, 1}, Leg{0, 2}));
}

TEST(RoutePlan, GoesThroughSeveralRegionsThatAreOnlyQuickerTogether) {
  // To 3 and from there on is quick only by way of 4.
  RegionTable table = table_of(5, .09, 50ms);
  table.border(0, 1).price_per_gb = 0;
  for (const auto& [a, b] : {std::pair{0, 4}, {4, 3}, {3, 1}, {1, 2}}) {
    table.border(a, b) = {.price_per_gb = 0, .delay = 5ms};
  }
  EXPECT_THAT(plan_routes(table, {0, {1, 2}, {3, 4}, 0ms}).legs,
              ElementsAre(Leg{0, 4}, Leg{4, 3}, Leg{3, 1}, Leg{1, 2}));
}

TEST(RoutePlan, ComparesWeightsButPaysPrices) {
  RegionTable table = table_of(3, .01, 10ms);
  table.border(0, 2).weight = 1;
  const auto plan = plan_routes(table, {0, {1, 2}, {}, 1h});
  EXPECT_THAT(plan.legs, ElementsAre(Leg{0, 1}, Leg{1, 2}));
  EXPECT_DOUBLE_EQ(plan.price, .02);
  table.border(0, 1).weight = 2;
  const auto other = plan_routes(table, {0, {1, 2}, {}, 1h});
  EXPECT_THAT(other.legs, ElementsAre(Leg{0, 2}, Leg{2, 1}));
  EXPECT_DOUBLE_EQ(other.burden, 1.02);
}

TEST(RoutePlan, NeedsNothingWhenOnlyThePublishersRegionListens) {
  EXPECT_THAT(plan_routes(table_of(3, 1, 1ms), {1, {1}, {0, 2}, 1h}).legs, IsEmpty());
}

TEST(RoutePlan, StaysAtLeastAsGoodAsDirectWithManyRegions) {
  RegionTable table = table_of(40, .08, 50ms);
  for (std::size_t a = 1; a < 40; ++a) {
    for (std::size_t b = 1; b < 40; ++b) {
      if (a != b) table.border(a, b) = {.price_per_gb = .001 * double(a * b % 17), .delay = 9ms};
    }
  }
  RouteWish wish{0, {}, {}, 20ms};
  for (std::size_t region = 1; region < 20; ++region) wish.interested.push_back(region);
  for (std::size_t region = 20; region < 40; ++region) wish.relays.push_back(region);
  const auto plan = plan_routes(table, wish);
  EXPECT_LT(plan.burden, .08 * 19);
  EXPECT_GE(plan.legs.size(), 19u);
}

/// Every tree there is, one after the other.
class BruteForce {
 public:
  BruteForce(const RegionTable& table, const RouteWish& wish) : table_(table), wish_(wish) {}

  /// Cost in millionths, then relayed legs, of the best tree.
  std::pair<std::int64_t, int> best() {
    parent_.assign(table_.size(), kOut);
    choose(0);
    return best_;
  }

 private:
  static constexpr std::size_t kOut = 99;

  bool may_be_in(std::size_t region) const {
    return is_interested(region) || std::ranges::count(wish_.relays, region) > 0;
  }
  bool is_interested(std::size_t region) const {
    return std::ranges::count(wish_.interested, region) > 0;
  }

  void choose(std::size_t region) {
    if (region == table_.size()) return judge();
    if (region == wish_.publisher || !may_be_in(region)) return choose(region + 1);
    for (std::size_t parent = 0; parent < table_.size(); ++parent) {
      if (parent == region) continue;
      parent_[region] = parent;
      choose(region + 1);
    }
    parent_[region] = kOut;
    if (!is_interested(region)) choose(region + 1);
  }

  void judge() {
    std::pair<std::int64_t, int> sum{0, 0};
    for (std::size_t region = 0; region < table_.size(); ++region) {
      if (parent_[region] == kOut) continue;
      Duration taken{};
      std::size_t at = region;
      for (std::size_t steps = 0; at != wish_.publisher; ++steps, at = parent_[at]) {
        if (parent_[at] == kOut || steps == table_.size()) return;  // not a tree
        taken += table_.border(parent_[at], at).delay;
      }
      const Duration direct = table_.border(wish_.publisher, region).delay;
      if (is_interested(region) && taken > direct + wish_.extra_delay) return;
      const double burden = table_.border(parent_[region], region).burden();
      sum.first += std::llround(burden * 1e6);
      sum.second += parent_[region] == wish_.publisher ? 0 : 1;
    }
    best_ = std::min(best_, sum);
  }

  const RegionTable& table_;
  const RouteWish& wish_;
  std::vector<std::size_t> parent_;
  std::pair<std::int64_t, int> best_{INT64_MAX, 0};
};

/// Uniform: at small sizes RapidCheck likes small numbers too much for trees to have circles.
int any_of(int least, int end) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(least, end));
}

RegionTable any_table(std::size_t regions) {
  RegionTable table = table_of(regions, 0, 0ms);
  for (std::size_t a = 0; a < regions; ++a) {
    for (std::size_t b = 0; b < regions; ++b) {
      if (a == b) continue;
      // Few different prices, so that ties are common.
      table.border(a, b) = {.price_per_gb = .01 * any_of(0, 8),
                            .weight = .1 * any_of(0, 2),
                            .budget = {},
                            .delay = std::chrono::milliseconds(any_of(1, 60))};
    }
  }
  return table;
}

void compare_with_all_trees(const RegionTable& table, const RouteWish& wish) {
  const RoutePlan plan = plan_routes(table, wish);
  int relayed = 0;
  std::set<std::size_t> reached{wish.publisher};
  for (const Leg& leg : plan.legs) {
    relayed += leg.from == wish.publisher ? 0 : 1;
    RC_ASSERT(reached.contains(leg.from));
    RC_ASSERT(reached.insert(leg.to).second);  // one copy
  }
  for (const std::size_t region : wish.interested) RC_ASSERT(reached.contains(region));
  const auto [cost, least_relayed] = BruteForce(table, wish).best();
  RC_ASSERT(std::llround(plan.burden * 1e6) == cost);
  RC_ASSERT(relayed == least_relayed);
}

RC_GTEST_PROP(RoutePlan, IsAsCheapAsTheCheapestOfAllTrees, ()) {
  for (int round = 0; round < 10; ++round) {
    const auto regions = static_cast<std::size_t>(any_of(2, 6));
    const RegionTable table = any_table(regions);
    RouteWish wish{.publisher = static_cast<std::size_t>(any_of(0, static_cast<int>(regions)))};
    wish.extra_delay = std::chrono::milliseconds(any_of(0, 100));
    for (std::size_t region = 0; region < regions; ++region) {
      if (region == wish.publisher) continue;
      (any_of(0, 3) > 0 ? wish.interested : wish.relays).push_back(region);
    }
    compare_with_all_trees(table, wish);
  }
}

RC_GTEST_PROP(RoutePlan, DoesNotDependOnTheOrderOfTheWish, ()) {
  const RegionTable table = any_table(6);
  const RouteWish one{0, {1, 2, 3}, {4, 5}, 30ms};
  const RouteWish other{0, {3, 1, 2, 1}, {5, 4}, 30ms};
  RC_ASSERT(plan_routes(table, one) == plan_routes(table, other));
}

}  // namespace
}  // namespace phyllo::regions
