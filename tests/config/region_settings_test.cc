#include "broker/config/region_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/config/settings.h"

namespace phyllo::broker {
namespace {

using namespace std::chrono_literals;

Settings settings_of(std::string_view text) {
  const LoadedSettings loaded = parse_settings(text, "test.yaml");
  EXPECT_THAT(loaded.errors, testing::ElementsAre());
  return loaded.settings.value_or(Settings{});
}

constexpr std::string_view kThree = R"(
node: {region: us}
regions:
  us:
    price_per_gb: 0.02
    to:
      ap: {price_per_gb: 0.08, budget: 200.5, weight: 0.5, round_trip: 190ms}
      eu: {round_trip: 85ms}
  eu:
    to:
      us: {price_per_gb: 0, round_trip: 87ms}
  ap: {price_per_gb: 0.09}
topics:
  - {match: eu/open/#, regions: [us, eu]}
  - {match: eu/#, regions: [eu]}
peers: {seeds: []}
)";

TEST(RegionSettings, CountRegionsInTheOrderOfTheirNames) {
  const auto table = region_table(settings_of(kThree).regions);
  EXPECT_THAT(table.names(), testing::ElementsAre("ap", "eu", "us"));
}

TEST(RegionSettings, PriceABorderByItselfOrElseByItsRegion) {
  const auto table = region_table(settings_of(kThree).regions);
  EXPECT_EQ(table.border(2, 0).price_per_gb, .08);
  EXPECT_EQ(table.border(2, 1).price_per_gb, .02);
  EXPECT_EQ(table.border(1, 2).price_per_gb, 0);
  EXPECT_EQ(table.border(1, 0).price_per_gb, 0);
  EXPECT_EQ(table.border(0, 1).price_per_gb, .09);
  EXPECT_EQ(table.border(2, 0).weight, .5);
  EXPECT_EQ(table.border(2, 0).budget, 200.5);
  EXPECT_EQ(table.border(0, 2).budget, std::nullopt);
}

TEST(RegionSettings, TakeTheDelayFromTheWayBackWhereOnlyThatIsKnown) {
  const auto table = region_table(settings_of(kThree).regions);
  EXPECT_EQ(table.border(2, 0).delay, 95ms);
  EXPECT_EQ(table.border(0, 2).delay, 95ms);
  EXPECT_EQ(table.border(2, 1).delay, 42500us);
  EXPECT_EQ(table.border(1, 2).delay, 43500us);
  EXPECT_EQ(table.border(0, 1).delay, 0ms);
}

TEST(RegionSettings, KeepTheOrderOfTheTopicRules) {
  const regions::Fence fence = fence_of(settings_of(kThree).topics);
  const auto topic = [](std::string_view text) { return TopicName::parse(text).value(); };
  EXPECT_TRUE(fence.allows(topic("eu/open/x"), "us"));
  EXPECT_FALSE(fence.allows(topic("eu/x"), "us"));
  EXPECT_TRUE(fence.allows(topic("x"), "us"));
}

TEST(RegionSettings, ReadAnEmptyListOfRulesAsNone) {
  EXPECT_TRUE(settings_of("topics:\npeers: {seeds: []}\n").topics.empty());
  EXPECT_TRUE(settings_of("topics: []\npeers: {seeds: []}\n").topics.empty());
}

}  // namespace
}  // namespace phyllo::broker
