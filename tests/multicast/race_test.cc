#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/multicast/scenario.h"
#include "tests/support/seeds.h"

// Messages of Scribe that meet others which undo them, on links slow enough for it.

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

const TopicName kNews = topic("news");

class Race : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static Grove::Setup slow_links(std::size_t children_limit) {
    Grove::Setup setup{.seed = GetParam(), .plain = {.base = 10ms, .across = 20ms}};
    setup.forest.children_limit = children_limit;
    return setup;
  }
};

/// The prune of one subscription and the graft of the next pass each other on the way, again and
/// again; the last word counts.
TEST_P(Race, OfLeavingAndJoiningTheLastWordCounts) {
  Grove grove(slow_links(0));
  ASSERT_TRUE(grove.grow(20));
  const auto members = grove.running();
  for (int i = 0; i < 200; ++i) {
    const StationId member = grove.pick(members);
    grove.subscribers(kNews).contains(member) ? grove.unsubscribe(member, kNews)
                                              : grove.subscribe(member, kNews);
    grove.run_for(Duration(grove.random().below(15'000'000)));
  }
  EXPECT_TRUE(grove.run_until([&] { return live(grove, kNews); }, 5s));
  grove.run_for(3s);
  EXPECT_THAT(check_tree(grove, kNews), IsEmpty());
  const auto subscribers = grove.subscribers(kNews);
  std::map<StationId, std::uint64_t> before;
  for (const StationId member : subscribers) before[member] = grove.delivered(member, kNews);
  grove.publish(members[0], kNews, 1);
  grove.run_for(2s);
  for (const StationId member : subscribers) {
    EXPECT_EQ(grove.delivered(member, kNews), before[member] + 1) << "#" << member;
  }
}

/// Parents send children away at the very time when these say that they are still there: nobody
/// stays with a parent that does not know it, and nothing is lost in silence.
TEST_P(Race, OfEvictionAndRefreshLeavesNobodyBehind) {
  Grove grove(slow_links(3));
  ASSERT_TRUE(grove.grow(40));
  ASSERT_TRUE(subscribe_all(grove, {0, 1, 2, 3, 4, 5, 6, 7}, kNews));
  Traffic traffic(grove, kNews, 2);
  for (StationId member = 8; member < 40; ++member) {
    grove.subscribe(member, kNews);
    traffic.run_for(60ms);  // each newcomer has somebody evicted; refreshes come all the time
  }
  traffic.run_for(6s);
  traffic.once();
  grove.run_for(3s);
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
}

/// Between two parents a node puts the new one's batches aside, within a bound over all topics.
TEST_P(Race, OfTwoParentsWithoutRoomToPutAnythingAsideLosesNothingInSilence) {
  Grove::Setup setup = slow_links(3);
  setup.forest.held_bytes = 100;  // one batch with its overhead
  Grove grove(setup);
  ASSERT_TRUE(grove.grow(25));
  ASSERT_TRUE(subscribe_all(grove, {0, 1, 2, 3, 4, 5, 6, 7}, kNews));
  Traffic traffic(grove, kNews, 2);
  for (StationId member = 8; member < 25; ++member) {
    grove.subscribe(member, kNews);
    traffic.run_for(60ms, 5ms);
    for (const StationId each : grove.running()) {
      ASSERT_LE(grove.member(each).forest().stats().held_bytes, setup.forest.held_bytes);
    }
  }
  traffic.run_for(6s);
  traffic.once();
  grove.run_for(3s);
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
  for (const StationId each : grove.running()) {
    EXPECT_EQ(grove.member(each).forest().stats().held_bytes, 0u);
  }
}

/// All join a tree of chains at the same moment, so that evicted nodes are sent to each other:
/// where a cycle closes, it is seen by the path to the root and opened.
TEST_P(Race, OfEvictionsEverywhereLeavesNoCycle) {
  Grove grove(slow_links(1 + GetParam() % 2));
  ASSERT_TRUE(grove.grow(30));
  for (const StationId member : grove.running()) grove.subscribe(member, kNews);
  EXPECT_TRUE(grove.run_until([&] { return live(grove, kNews); }, 60s));
  grove.run_for(15s);  // counts climb one level with each refresh, and the chains are long
  EXPECT_THAT(check_tree(grove, kNews), IsEmpty());
}

/// A broker closer to the topic comes and goes, in good order, under traffic: the root moves to it
/// and back ten times, and nobody misses or gets anything twice.
TEST_P(Race, OfARootThatComesAndGoesAndPublicationsLosesNothing) {
  Grove grove({.seed = GetParam()});
  ASSERT_TRUE(grove.grow(15));
  ASSERT_TRUE(subscribe_all(grove, grove.running(), kNews));
  Traffic traffic(grove, kNews, 4);
  traffic.run_for(500ms, 5ms);
  const StationId root = grove.root_of(kNews);
  const StationId flapping = grove.add(overlay::NodeId::at(multicast::TopicId::of(kNews).key()));
  for (int i = 0; i < 5; ++i) {
    grove.start(flapping, {0});
    traffic.run_for(600ms, 5ms);
    EXPECT_EQ(grove.root_of(kNews), flapping);
    grove.leave(flapping);
    traffic.run_for(1200ms, 5ms);
    EXPECT_EQ(grove.root_of(kNews), root);
  }
  traffic.run_for(2s);
  traffic.once();
  grove.run_for(3s);
  EXPECT_THAT(check_all(grove, kNews), IsEmpty());
  EXPECT_EQ(reported_lost(grove, kNews), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Race, ::testing::ValuesIn(seeds(1, 8)),
                         [](const auto& seed) { return std::to_string(seed.param); });

}  // namespace
}  // namespace phyllo::testing
