#include "regions/fence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace phyllo::regions {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TopicName topic(const std::string& text) { return TopicName::parse(text).value(); }

FenceRule rule(std::string_view match, std::vector<std::string> regions) {
  return {TopicPattern::parse(match).value(), std::move(regions)};
}

TEST(Fence, LeavesTopicsWithoutARuleFree) {
  const Fence fence({rule("eu/#", {"eu-west"})});
  EXPECT_TRUE(fence.allows(topic("us/a"), "us-east"));
  EXPECT_THAT(fence.regions_of(topic("us/a")), IsEmpty());
  EXPECT_EQ(fence.enclosure(topic("us/a")), nullptr);
  EXPECT_TRUE(Fence().allows(topic("us/a"), "us-east"));
}

TEST(Fence, KeepsATopicInsideItsRegions) {
  const Fence fence({rule("eu/#", {"eu-west", "eu-north"})});
  EXPECT_TRUE(fence.allows(topic("eu/patients"), "eu-west"));
  EXPECT_TRUE(fence.allows(topic("eu/patients"), "eu-north"));
  EXPECT_FALSE(fence.allows(topic("eu/patients"), "us-east"));
  EXPECT_TRUE(fence.admit(topic("eu/patients"), "eu-west").ok());
}

TEST(Fence, SaysWhereATopicCouldBeUsedInstead) {
  const Fence fence({rule("eu/#", {"eu-west", "eu-north"})});
  const Outcome refused = fence.admit(topic("eu/patients"), "us-east");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  EXPECT_EQ(refused.error().message,
            "topic 'eu/patients' must not be used in region us-east, only in eu-north, eu-west");
}

TEST(Fence, ObeysTheFirstRuleThatMatches) {
  const Fence fence({rule("eu/open/#", {"eu-west", "us-east"}), rule("eu/#", {"eu-west"})});
  EXPECT_TRUE(fence.allows(topic("eu/open/news"), "us-east"));
  EXPECT_FALSE(fence.allows(topic("eu/closed"), "us-east"));
}

TEST(Fence, HasTheSameRendezvousInWhateverOrderRegionsAreWritten) {
  const Fence one({rule("#", {"a", "b", "c"})});
  const Fence other({rule("#", {"c", "a", "b", "a"})});
  for (int i = 0; i < 50; ++i) {
    const TopicName name = topic("t" + std::to_string(i));
    EXPECT_EQ(one.enclosure(name)->regions, other.enclosure(name)->regions);
  }
}

TEST(Fence, SpreadsRendezvousOverTheRegions) {
  const Fence fence({rule("#", {"a", "b", "c"})});
  std::map<std::string, int> first;
  for (int i = 0; i < 300; ++i) {
    const auto order = fence.enclosure(topic("t" + std::to_string(i)))->regions;
    EXPECT_THAT(order, testing::UnorderedElementsAre("a", "b", "c"));
    ++first[order.front()];
  }
  for (const auto& [region, topics] : first) EXPECT_GT(topics, 60) << region;
  EXPECT_EQ(first.size(), 3u);
}

}  // namespace
}  // namespace phyllo::regions
