// Topics that must stay inside some regions: where their rendezvous is, and what nobody outside
// gets.

#include <gtest/gtest.h>

#include <set>

#include "regions/borders.h"
#include "tests/regions/world.h"
#include "tests/support/seeds.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

constexpr char kTopic[] = "metro/eu/line-4";

Fence inside(std::vector<std::string> regions) {
  return Fence({{TopicPattern::parse("metro/eu/#").value(), std::move(regions)}});
}

/// Three regions inside, in the order in which they keep the topic's rendezvous, and two outside,
/// one of which would be the rendezvous of a free topic.
class FencedBorders : public ::testing::Test {
 protected:
  FencedBorders() {
    world_.fence = inside({"east", "north", "west"});
    const auto order = world_.fence.enclosure(TopicName::parse(kTopic).value())->regions;
    for (const std::string& region : order) inside_.push_back(world_.add(region));
    outside_ = {world_.add_closest_to(kTopic, "abroad"), world_.add("far")};
    world_.run_for(5s);
  }

  bool subscribe(std::size_t region, Duration within = 15s) {
    world_.subscribe(region, kTopic);
    return world_.run_until([&] { return world_.live(region, kTopic); }, within);
  }
  void publish(std::size_t region, int count) {
    for (int i = 0; i < count; ++i) {
      world_.publish(region, kTopic, kWriter);
      world_.run_for(30ms);
    }
    world_.run_for(1s);
  }
  std::size_t heard(std::size_t region) const {
    return world_.heard(region, kTopic, kWriter).numbers.size();
  }
  /// Between brokers outside and anybody.
  std::uint64_t said_outside() const {
    std::uint64_t sum = 0;
    for (const std::size_t out : outside_) {
      for (std::size_t other = 0; other < inside_.size() + outside_.size(); ++other) {
        sum += world_.about_topics(out, other);
        if (other != out) sum += world_.about_topics(other, out);
      }
    }
    return sum;
  }
  /// Who keeps its roll.
  std::vector<std::size_t> keepers() const {
    std::vector<std::size_t> keepers;
    for (const std::size_t region : inside_) {
      if (!gone_.contains(region) && world_.stats(region).rolls > 0) keepers.push_back(region);
    }
    return keepers;
  }

  static constexpr PublisherId kWriter = 7;
  World world_{phyllo::testing::seed_or(1)};
  std::vector<std::size_t> inside_;
  std::vector<std::size_t> outside_;
  std::set<std::size_t> gone_;
};

TEST_F(FencedBorders, NobodyOutsideGetsOrSaysAWordAboutTheTopic) {
  ASSERT_TRUE(subscribe(inside_[1]));
  ASSERT_TRUE(subscribe(inside_[2]));
  publish(inside_[0], 20);
  EXPECT_EQ(heard(inside_[1]), 20u);
  EXPECT_EQ(heard(inside_[2]), 20u);
  world_.unsubscribe(inside_[1], kTopic);
  world_.run_for(1s);
  publish(inside_[0], 20);
  EXPECT_EQ(heard(inside_[2]), 40u);
  EXPECT_EQ(world_.batches(inside_[0], inside_[1]), 20u);
  world_.run_for(3min);
  EXPECT_EQ(said_outside(), 0u);
}

TEST_F(FencedBorders, TheFirstRegionThatIsThereHasTheRendezvous) {
  ASSERT_TRUE(subscribe(inside_[2]));
  EXPECT_EQ(keepers(), std::vector{inside_[0]});
  publish(inside_[1], 1);
  EXPECT_EQ(heard(inside_[2]), 1u);
}

TEST_F(FencedBorders, AnotherRegionInsideStandsInForADeadOneAndGivesTheRollBack) {
  ASSERT_TRUE(subscribe(inside_[2]));
  publish(inside_[1], 10);
  world_.kill(inside_[0]);
  gone_.insert(inside_[0]);
  publish(inside_[1], 50);
  EXPECT_EQ(heard(inside_[2]), 60u) << "exports go on";
  world_.run_for(30s);
  EXPECT_EQ(keepers(), std::vector{inside_[1]});
  ASSERT_TRUE(subscribe(inside_[1], 30s));
  world_.revive(inside_[0]);
  gone_.clear();
  world_.run_for(30s);
  EXPECT_EQ(keepers(), std::vector{inside_[0]});
  publish(inside_[1], 10);
  EXPECT_EQ(heard(inside_[2]), 70u);
  EXPECT_EQ(said_outside(), 0u);
}

TEST_F(FencedBorders, ARegionThatStandsInAsksTheOthersAndDoesNotWait) {
  publish(inside_[1], 10);
  world_.kill(inside_[0]);
  gone_.insert(inside_[0]);
  world_.run_for(1s + 1ms);  // noticed
  // Who else of it is there is asked before it is held to be gone.
  const Duration absent = world_.config.retry;
  const Duration asked = world_.config.retry;
  ASSERT_TRUE(subscribe(inside_[2], absent + asked + 300ms));
  publish(inside_[1], 10);
  EXPECT_EQ(heard(inside_[2]), 10u);
  EXPECT_EQ(keepers(), std::vector{inside_[1]});
  EXPECT_EQ(said_outside(), 0u);
}

TEST_F(FencedBorders, ARegionThatStandsInWaitsForOneThatDoesNotAnswer) {
  publish(inside_[2], 10);
  world_.cut_off(inside_[2], 60s);
  world_.kill(inside_[0], 10ms);
  world_.run_for(20ms);
  const Time began = world_.now();
  ASSERT_TRUE(subscribe(inside_[1], 60s));
  EXPECT_GE(world_.now() - began, world_.config.lease - 300ms);
}

TEST_F(FencedBorders, ARegionThatIsCutOffGoesOnAndTheOthersToo) {
  ASSERT_TRUE(subscribe(inside_[2]));
  ASSERT_TRUE(subscribe(inside_[0]));
  publish(inside_[1], 10);
  world_.cut_off(inside_[0]);
  world_.run_for(30s);
  publish(inside_[1], 10);
  EXPECT_EQ(heard(inside_[2]), 20u);
  EXPECT_EQ(heard(inside_[0]), 10u);
  world_.rejoin(inside_[0]);
  world_.run_for(30s);
  EXPECT_EQ(heard(inside_[0]), 20u) << "what waited for it";
  EXPECT_EQ(keepers(), std::vector{inside_[0]});
  EXPECT_EQ(said_outside(), 0u);
}

TEST_F(FencedBorders, ARendezvousThatLeavesGivesItsRollToTheNextRegion) {
  ASSERT_TRUE(subscribe(inside_[2]));
  world_.remove(inside_[0]);
  gone_.insert(inside_[0]);
  world_.run_for(30s);
  publish(inside_[1], 10);
  EXPECT_EQ(heard(inside_[2]), 10u);
  EXPECT_EQ(keepers(), std::vector{inside_[1]});
  EXPECT_EQ(said_outside(), 0u);
}

TEST_F(FencedBorders, NothingIsLostAfterASubscriptionIsComplete) {
  constexpr int kRounds = 1000;
  const int rounds = phyllo::testing::seeds(1, kRounds).size() < kRounds ? 50 : kRounds;
  world_.jitter = 40ms;
  Random random(7);
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE(round);
    const std::size_t reader = inside_[random.below(3)];
    const std::size_t writer = inside_[random.below(3)];
    if (random.chance(0.5)) world_.publish(writer, kTopic, kWriter);
    world_.run_for(std::chrono::milliseconds(random.below(60)));
    ASSERT_TRUE(subscribe(reader, 20s));
    const std::uint64_t lost = world_.lost(reader);
    const Sequence number = world_.publish(writer, kTopic, kWriter);
    const auto arrived = [&] {
      return world_.heard(reader, kTopic, kWriter).numbers.contains(number);
    };
    ASSERT_TRUE(world_.run_until(arrived, 2s));
    EXPECT_EQ(world_.lost(reader), lost);
    world_.unsubscribe(reader, kTopic);
    world_.run_for(std::chrono::milliseconds(random.below(100)));
  }
  EXPECT_EQ(said_outside(), 0u);
}

TEST_F(FencedBorders, SubscriptionsBecomeCompleteWhateverIsLost) {
  world_.loss = 0.3;
  ASSERT_TRUE(subscribe(inside_[1], 60s));
  ASSERT_TRUE(subscribe(inside_[2], 60s));
  publish(inside_[0], 20);
  world_.loss = 0;
  world_.run_for(30s);
  EXPECT_EQ(
      heard(inside_[1]) + heard(inside_[2]) + world_.lost(inside_[1]) + world_.lost(inside_[2]),
      40u);
  EXPECT_EQ(said_outside(), 0u);
}

/// Some brokers have other rules than the rest.
class DisagreeingFences : public ::testing::Test {
 protected:
  std::size_t add(const std::string& region, const Fence& fence) {
    world_.fence = fence;
    return world_.add(region);
  }
  void subscribe(std::size_t region) {
    world_.subscribe(region, kTopic);
    ASSERT_TRUE(world_.run_until([&] { return world_.live(region, kTopic); }, 20s));
  }
  void publish(std::size_t region, int count) {
    for (int i = 0; i < count; ++i) world_.publish(region, kTopic, kWriter);
    world_.run_for(30s);
  }

  static constexpr PublisherId kWriter = 7;
  World world_{phyllo::testing::seed_or(1)};
};

TEST_F(DisagreeingFences, WhoKnowsOfNoFenceGetsNothing) {
  const std::size_t east = add("east", inside({"east", "west"}));
  const std::size_t west = add("west", inside({"east", "west"}));
  const std::size_t far = add("far", Fence());
  world_.run_for(5s);
  world_.publish(east, kTopic, kWriter);
  world_.subscribe(far, kTopic);
  subscribe(west);
  publish(east, 10);
  EXPECT_EQ(world_.heard(west, kTopic, kWriter).numbers.size(), 10u);
  EXPECT_EQ(world_.heard(far, kTopic, kWriter).numbers.size(), 0u);
  EXPECT_EQ(world_.batches(east, far) + world_.batches(west, far), 0u);
}

TEST_F(DisagreeingFences, ARootThatTheOthersHaveOutsideIsRefusedAndCounted) {
  const Fence narrow = inside({"east", "west"});
  const std::size_t east = add("east", narrow);
  const std::size_t west = add("west", narrow);
  const Fence wide = inside({"east", "zoo", "west"});
  const std::size_t zoo = add("zoo", wide);
  world_.run_for(5s);
  // `zoo` does not take itself for the place of the topic's rendezvous.
  ASSERT_NE(wide.enclosure(TopicName::parse(kTopic).value())->regions.front(), "zoo");
  world_.subscribe(zoo, kTopic);
  subscribe(west);
  publish(east, 10);
  EXPECT_EQ(world_.heard(west, kTopic, kWriter).numbers.size(), 10u);
  EXPECT_EQ(world_.heard(zoo, kTopic, kWriter).numbers.size(), 0u);
  EXPECT_EQ(world_.about_topics(east, zoo) + world_.about_topics(west, zoo), 0u);
  EXPECT_GT(world_.stats(east).fenced_off + world_.stats(west).fenced_off, 0u);
}

TEST_F(DisagreeingFences, WhatComesInFromOutsideIsRefused) {
  const std::size_t east = add("east", Fence());
  const std::size_t west = add("west", inside({"north", "west"}));
  const std::size_t north = add("north", Fence());
  world_.add_closest_to(kTopic, "z");
  world_.run_for(5s);
  world_.subscribe(west, kTopic);
  subscribe(north);
  publish(east, 10);
  EXPECT_EQ(world_.heard(north, kTopic, kWriter).numbers.size(), 10u);
  EXPECT_EQ(world_.heard(west, kTopic, kWriter).numbers.size(), 0u);
}

TEST_F(DisagreeingFences, ARendezvousKeepsNoRollOfATopicThatItHasOutside) {
  const std::size_t east = add("east", Fence());
  world_.fence = inside({"east", "west"});
  const std::size_t far = world_.add_closest_to(kTopic, "far");
  const std::size_t west = add("west", Fence());
  world_.run_for(5s);
  ASSERT_EQ(world_.rendezvous(kTopic), far);
  world_.subscribe(west, kTopic);
  publish(east, 10);
  EXPECT_EQ(world_.stats(far).rolls, 0u);
  EXPECT_GT(world_.stats(far).fenced_off, 0u);
  EXPECT_FALSE(world_.live(west, kTopic)) << "nobody keeps account of it";
  EXPECT_EQ(world_.batches(east, far) + world_.batches(far, west), 0u);
}

TEST_F(DisagreeingFences, WhatNobodyNamedIsPassedOnByNobodyWithRules) {
  const std::size_t east = add("east", Fence());
  const std::size_t hub = add("hub", inside({"east", "west"}));
  const std::size_t west = add("west", Fence());
  world_.run_for(5s);
  const auto topic = TopicId::of(TopicName::parse(kTopic).value());
  const multicast::Publish batch{topic, 1, 0, {kWriter, 1, 1, Payload::from("x"), {}}};
  world_.say(east, hub, Relayed{world_.contact(east), {}, {{world_.contact(west), batch, {}}}});
  world_.run_for(1s);
  EXPECT_EQ(world_.stats(hub).fenced_off, 1u);
  EXPECT_EQ(world_.batches(hub, west), 0u);
}

TEST_F(DisagreeingFences, ATopicThatStrayedOutsideIsNotRegistered) {
  const std::size_t east = add("east", inside({"east"}));
  const std::size_t far = add("far", inside({"east"}));
  world_.run_for(5s);
  world_.subscribe(far, kTopic);
  world_.publish(far, kTopic, kWriter);
  world_.run_for(30s);
  EXPECT_EQ(world_.about_topics(far, east) + world_.about_topics(east, far), 0u);
  EXPECT_FALSE(world_.live(far, kTopic));
  EXPECT_GT(world_.stats(far).fenced_off, 0u);
}

}  // namespace
}  // namespace phyllo::regions
