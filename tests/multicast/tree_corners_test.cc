#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "multicast/codec.h"
#include "tests/multicast/scenario.h"
#include "tests/support/seeds.h"

// Trees over links that are missing, in halves of a ring, of parents that are full, and between
// clocks that disagree.

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

const TopicName kNews = topic("news");

/// The one of `members` closest to the topic.
StationId closest(const Grove& grove, const std::vector<StationId>& members) {
  const overlay::Key key = multicast::TopicId::of(kNews).key();
  return *std::ranges::min_element(members, [&](StationId a, StationId b) {
    return overlay::closer(key, grove.id(a), grove.id(b));
  });
}

class TreeCorner : public ::testing::TestWithParam<std::uint64_t> {};

/// As long as the halves are apart each has a tree of its own; afterwards the root that is no
/// longer the closest is below the one that is.
TEST_P(TreeCorner, EachHalfOfAPartitionHasARootThatServesItUntilTheHeal) {
  Grove grove({.seed = GetParam()});
  ASSERT_TRUE(grove.grow(24));
  ASSERT_TRUE(subscribe_all(grove, grove.running(), kNews));
  std::vector<StationId> halves[2];
  for (const StationId member : grove.running()) halves[member % 2].push_back(member);
  for (const StationId member : halves[1]) grove.network().put_on_side(member, 1);
  grove.run_for(10s);
  for (int side = 0; side < 2; ++side) {
    const StationId root = closest(grove, halves[side]);
    for (const StationId member : halves[side]) {
      const auto part = grove.member(member).forest().part_in(kNews);
      ASSERT_TRUE(part.has_value());
      EXPECT_EQ(part->root, member == root) << "#" << member;
    }
    grove.publish(halves[side][0], kNews, 10 + side, 3 + side);
  }
  grove.run_for(3s);
  for (int side = 0; side < 2; ++side) {
    for (const StationId member : halves[side]) {
      EXPECT_EQ(grove.delivered(member, kNews), 3u + side) << "#" << member;
    }
  }
  const StationId deposed = closest(grove, halves[grove.root_of(kNews) % 2 == 0 ? 1 : 0]);
  grove.network().mend_all();
  grove.run_for(30s);
  const auto part = grove.member(deposed).forest().part_in(kNews);
  ASSERT_TRUE(part.has_value());
  EXPECT_FALSE(part->root);
  EXPECT_TRUE(part->parent.has_value());
  grove.publish(halves[0][0], kNews, 10);
  grove.publish(halves[1][0], kNews, 11);
  grove.run_for(3s);
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
}

enum class Missing { kBothWays, kToRoot, kFromRoot };

/// The root and a subscriber that everybody else hears do not hear each other, or one of them does
/// not: the subscriber has everything by way of another one. What is published there waits, for a
/// publisher's broker and the root speak to each other directly.
TEST_P(TreeCorner, ASubscriberWithoutALinkToTheRootIsServedByAnother) {
  for (const Missing missing : {Missing::kBothWays, Missing::kToRoot, Missing::kFromRoot}) {
    SCOPED_TRACE(static_cast<int>(missing));
    Grove grove({.seed = GetParam()});
    ASSERT_TRUE(grove.grow(20));
    ASSERT_TRUE(subscribe_all(grove, grove.running(), kNews));
    const StationId root = grove.root_of(kNews);
    std::vector<StationId> by_distance = grove.running();
    std::ranges::sort(by_distance, [&](StationId a, StationId b) {
      return overlay::closer(multicast::TopicId::of(kNews).key(), grove.id(a), grove.id(b));
    });
    const StationId apart = by_distance[5];  // no neighbour of the root, or it took itself for it
    if (missing != Missing::kFromRoot) grove.network().cut(apart, root);
    if (missing != Missing::kToRoot) grove.network().cut(root, apart);
    grove.run_for(20s);
    const std::uint64_t before = grove.delivered(apart, kNews);
    for (int i = 0; i < 5; ++i) {
      grove.publish(by_distance[1], kNews, 1);
      grove.publish(apart, kNews, 2);
      grove.run_for(500ms);
    }
    grove.run_for(2s);
    EXPECT_EQ(grove.delivered(apart, kNews), before + 5) << grove.report(kNews);
    EXPECT_THAT(grove.member(apart).taken, IsEmpty());
    grove.network().mend_all();
    grove.run_for(30s);
    EXPECT_EQ(grove.delivered(apart, kNews), before + 10);
    ASSERT_FALSE(grove.member(apart).taken.empty());
    EXPECT_EQ(grove.member(apart).taken.back().up_to, 5u);
    EXPECT_THAT(check_all(grove, kNews), IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TreeCorner, ::testing::ValuesIn(seeds(1, 6)),
                         [](const auto& seed) { return std::to_string(seed.param); });

/// Parents full with one child send others away all at once and to each other. Of two that would
/// adopt each other while neither has a parent both are refused, so that no cycle closes.
TEST(TreeCorners, SiblingsSentAwayTogetherDoNotAdoptEachOther) {
  std::size_t refused = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    Grove::Setup setup{.seed = seed, .plain = {.base = 10ms, .across = 20ms}};
    setup.forest.children_limit = 1;
    Grove grove(setup);
    ASSERT_TRUE(grove.grow(20));
    for (const StationId member : grove.running()) {
      grove.member(member).full = [&](const overlay::Contact&, const overlay::AppMessage& message) {
        const auto decoded = multicast::decode(message);
        const auto* dismiss = std::get_if<multicast::Dismiss>(&*decoded);
        refused += dismiss != nullptr && dismiss->why == multicast::Dismiss::Why::kUnready;
        return false;
      };
    }
    for (const StationId member : grove.running()) grove.subscribe(member, kNews);
    EXPECT_TRUE(grove.run_until([&] { return live(grove, kNews); }, 60s));
    grove.run_for(10s);
    EXPECT_THAT(check_tree(grove, kNews), IsEmpty());
  }
  EXPECT_GT(refused, 0u);
}

/// Joins, a death of the root, a partition and publications; the text is all that can be seen of
/// it.
std::string run(Duration clock_spread) {
  Grove grove({.seed = seed_or(1), .clock_spread = clock_spread});
  EXPECT_TRUE(grove.grow(15));
  EXPECT_TRUE(subscribe_all(grove, grove.running(), kNews));
  Traffic traffic(grove, kNews, 3);
  traffic.run_for(500ms);
  grove.kill(grove.root_of(kNews), Death::kSilent);
  traffic.run_for(4s);
  for (const StationId member : grove.running()) {
    grove.network().put_on_side(member, static_cast<int>(member % 2));
  }
  traffic.run_for(5s, 50ms);
  grove.network().mend_all();
  traffic.run_for(20s, 50ms);
  grove.run_for(10s);
  traffic.once();
  grove.run_for(3s);
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
  return grove.report(kNews) + std::to_string(grove.network().messages_sent()) + " messages, " +
         std::to_string(grove.network().bytes_sent()) + " bytes";
}

// There nodes loop when their clocks differ.
TEST(UnlikeWendy, ClocksThatAreYearsApartChangeNothingInATree) {
  // The same random numbers are drawn for clocks that differ by little and by much.
  EXPECT_EQ(run(1ns), run(std::chrono::hours(24 * 365 * 20)));
}

}  // namespace
}  // namespace phyllo::testing
