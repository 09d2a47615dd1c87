// Regions of one broker each: who hears what, and what crosses their borders.

#include "regions/borders.h"

#include <gtest/gtest.h>

#include "tests/regions/world.h"
#include "tests/support/seeds.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

constexpr char kTopic[] = "metro/eu/line-4";

class Borders3 : public ::testing::Test {
 protected:
  Borders3() { world_.run_for(5s); }

  void subscribe(std::size_t region) {
    world_.subscribe(region, kTopic);
    ASSERT_TRUE(world_.run_until([&] { return world_.live(region, kTopic); }, 10s));
  }

  World world_{phyllo::testing::seed_or(1)};
  const std::size_t eu_ = world_.add("eu");
  const std::size_t us_ = world_.add("us");
  const std::size_t asia_ = world_.add("asia");
};

TEST_F(Borders3, ABatchCrossesOnceToEachInterestedRegionAndNowhereElse) {
  subscribe(us_);
  for (int i = 0; i < 20; ++i) {
    world_.publish(eu_, kTopic, 7);
    world_.run_for(30ms);
  }
  EXPECT_EQ(world_.heard(us_, kTopic, 7).numbers.size(), 20u);
  EXPECT_EQ(world_.batches(eu_, us_), 20u);
  EXPECT_EQ(world_.batches(eu_, asia_), 0u);
  EXPECT_EQ(world_.batches(us_, asia_) + world_.batches(us_, eu_), 0u);
  EXPECT_EQ(world_.lost(us_), 0u);
}

TEST_F(Borders3, ATopicOfOneRegionNeverLeavesIt) {
  subscribe(eu_);
  for (int i = 0; i < 20; ++i) world_.publish(eu_, kTopic, 7);
  world_.run_for(5s);
  EXPECT_EQ(world_.heard(eu_, kTopic, 7).numbers.size(), 20u);
  EXPECT_EQ(world_.batches(eu_, us_) + world_.batches(eu_, asia_), 0u);
}

TEST_F(Borders3, WhatIsPublishedBeforeAnybodyKnowsWhoWantsItGetsThere) {
  subscribe(us_);
  subscribe(asia_);
  world_.publish(eu_, kTopic, 7);
  EXPECT_TRUE(world_.taken(eu_, 7, 1));
  world_.run_for(1s);
  EXPECT_TRUE(world_.heard(us_, kTopic, 7).numbers.contains(1));
  EXPECT_TRUE(world_.heard(asia_, kTopic, 7).numbers.contains(1));
}

TEST_F(Borders3, InterestThatEndsEndsTheTraffic) {
  subscribe(us_);
  world_.publish(eu_, kTopic, 7);
  world_.run_for(1s);
  world_.unsubscribe(us_, kTopic);
  world_.run_for(1s);
  const auto before = world_.batches(eu_, us_);
  for (int i = 0; i < 20; ++i) {
    world_.publish(eu_, kTopic, 7);
    world_.run_for(100ms);
  }
  EXPECT_EQ(world_.batches(eu_, us_), before);
  EXPECT_EQ(world_.stats(us_).registrations, 0u);
}

TEST_F(Borders3, NothingIsLostAfterASubscriptionIsComplete) {
  constexpr int kRounds = 1000;
  const int rounds = phyllo::testing::seeds(1, kRounds).size() < kRounds ? 50 : kRounds;
  world_.jitter = 40ms;
  Random random(7);
  const std::size_t regions[] = {eu_, us_, asia_};
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE(round);
    const std::size_t reader = regions[random.below(3)];
    const std::size_t writer = regions[random.below(3)];
    const PublisherId publisher = 1 + random.below(3);
    // Some are publishing already, so that messages pass while the subscription is under way.
    if (random.chance(0.5)) world_.publish(writer, kTopic, publisher);
    world_.run_for(std::chrono::milliseconds(random.below(60)));
    world_.subscribe(reader, kTopic);
    ASSERT_TRUE(world_.run_until([&] { return world_.live(reader, kTopic); }, 20s));
    const std::uint64_t lost = world_.lost(reader);
    const Sequence number = world_.publish(writer, kTopic, publisher);
    const auto heard = [&] {
      return world_.heard(reader, kTopic, publisher).numbers.contains(number);
    };
    ASSERT_TRUE(world_.run_until(heard, 2s));
    EXPECT_EQ(world_.lost(reader), lost);
    world_.unsubscribe(reader, kTopic);
    world_.run_for(std::chrono::milliseconds(random.below(100)));
  }
}

/// For a while after its ring has changed a root takes nothing, since it may not be the right one.
TEST_F(Borders3, ARootThatTakesNothingYetIsNotSentEverythingEachTime) {
  subscribe(us_);
  world_.publish(eu_, kTopic, 7);
  world_.run_for(1s);
  world_.kill(us_, 10ms);
  world_.run_for(20ms);
  world_.revive(us_);
  world_.subscribe(us_, kTopic);
  const auto before = world_.batches(eu_, us_);
  for (int i = 0; i < 100; ++i) {
    world_.publish(eu_, kTopic, 7);
    world_.run_for(5ms);
  }
  world_.run_for(5s);
  EXPECT_LT(world_.batches(eu_, us_) - before, 115u);
  const Sequence last = world_.publish(eu_, kTopic, 7);
  world_.run_for(1s);
  EXPECT_TRUE(world_.heard(us_, kTopic, 7).numbers.contains(last));
}

TEST_F(Borders3, LostMessagesAreSentAgainAndNothingComesTwice) {
  subscribe(us_);
  world_.loss = 0.1;
  for (int i = 0; i < 200; ++i) {
    world_.publish(eu_, kTopic, 7);
    world_.run_for(20ms);
  }
  world_.loss = 0;
  world_.run_for(20s);
  EXPECT_EQ(world_.heard(us_, kTopic, 7).numbers.size(), 200u);
  EXPECT_EQ(world_.heard(us_, kTopic, 7).twice, 0u);
  EXPECT_EQ(world_.lost(us_), 0u);
  EXPECT_GT(world_.stats(eu_).repeated_batches, 0u);
}

TEST_F(Borders3, SubscriptionsBecomeCompleteWhateverIsLost) {
  const std::size_t rendezvous = world_.rendezvous(kTopic);
  const std::size_t writer = rendezvous == eu_ ? us_ : eu_;
  const std::size_t reader = 3 - rendezvous - writer;
  for (int round = 0; round < 50; ++round) {
    SCOPED_TRACE(round);
    world_.loss = 0.4;
    world_.publish(writer, kTopic, 7);
    world_.subscribe(reader, kTopic);
    world_.run_for(150ms);
    world_.loss = 0;
    ASSERT_TRUE(world_.run_until([&] { return world_.live(reader, kTopic); }, 20s));
    world_.unsubscribe(reader, kTopic);
    world_.run_for(100ms);
  }
}

TEST_F(Borders3, ARegionThatIsCutOffGetsWhatWaitedWhenItIsBack) {
  subscribe(us_);
  subscribe(eu_);
  world_.publish(eu_, kTopic, 7);
  world_.run_for(1s);
  world_.cut_off(us_);
  for (int i = 0; i < 300; ++i) {
    world_.publish(eu_, kTopic, 7);
    ASSERT_TRUE(world_.taken(eu_, 7, 2 + static_cast<Sequence>(i)));
    world_.run_for(100ms);
  }
  EXPECT_EQ(world_.heard(eu_, kTopic, 7).numbers.size(), 301u);
  world_.rejoin(us_);
  world_.publish(eu_, kTopic, 7);
  world_.run_for(20s);
  EXPECT_EQ(world_.heard(us_, kTopic, 7).numbers.size(), 302u);
  EXPECT_EQ(world_.lost(us_), 0u);
}

TEST_F(Borders3, WhatFindsNoRoomWhileARegionIsAwayIsReportedInItsPlace) {
  world_.config.crossing_bytes = 2000;
  for (const std::size_t region : {eu_, us_, asia_}) {
    world_.kill(region);
    world_.revive(region);
  }
  world_.run_for(10s);
  subscribe(us_);
  world_.publish(eu_, kTopic, 7);
  world_.run_for(1s);
  world_.cut_off(us_);
  for (int i = 0; i < 100; ++i) {
    world_.publish(eu_, kTopic, 7);
    world_.run_for(100ms);
  }
  world_.rejoin(us_);
  world_.run_for(20s);
  EXPECT_EQ(world_.heard(us_, kTopic, 7).numbers.size() + world_.lost(us_), 101u)
      << "it needs no further message to be known";
  world_.publish(eu_, kTopic, 7);
  world_.run_for(5s);
  const auto& heard = world_.heard(us_, kTopic, 7).numbers;
  EXPECT_LT(heard.size(), 60u);
  EXPECT_TRUE(heard.contains(102));
  EXPECT_EQ(heard.size() + world_.lost(us_), 102u);
}

TEST_F(Borders3, SubscribersWhoWereCompleteOnTheirSideOfACutHearOfWhatTheyMissed) {
  world_.publish(eu_, kTopic, 7);
  world_.run_for(1s);
  world_.cut_off(us_);
  world_.run_for(10s);
  subscribe(us_);
  for (int i = 0; i < 10; ++i) {
    world_.publish(eu_, kTopic, 7);
    world_.run_for(500ms);
  }
  world_.rejoin(us_);
  world_.run_for(10s);
  world_.publish(eu_, kTopic, 7);
  world_.run_for(2s);
  const auto& heard = world_.heard(us_, kTopic, 7).numbers;
  EXPECT_TRUE(heard.contains(12));
  // Number 1 was before its time; the publisher's one stay may count it all the same.
  EXPECT_GE(heard.size() + world_.lost(us_), 11u);
}

TEST_F(Borders3, ADeadRendezvousIsReplacedAndTrafficGoesOn) {
  const std::size_t rendezvous = world_.rendezvous(kTopic);
  const std::size_t writer = rendezvous == eu_ ? us_ : eu_;
  const std::size_t reader = 3 - rendezvous - writer;
  subscribe(reader);
  world_.publish(writer, kTopic, 7);
  world_.run_for(1s);
  world_.kill(rendezvous);
  for (int i = 0; i < 200; ++i) {
    world_.publish(writer, kTopic, 7);
    world_.run_for(100ms);
  }
  EXPECT_EQ(world_.heard(reader, kTopic, 7).numbers.size(), 201u);
  EXPECT_EQ(world_.batches(writer, reader), 201u);
  // And the new one completes subscriptions.
  world_.revive(rendezvous);
  world_.run_for(1s);
  subscribe(rendezvous);
  const Sequence number = world_.publish(writer, kTopic, 7);
  world_.run_for(1s);
  EXPECT_TRUE(world_.heard(rendezvous, kTopic, 7).numbers.contains(number));
}

TEST_F(Borders3, ASubscriptionIsNotCompletedByARendezvousThatMayNotKnowWhoPublishes) {
  const std::size_t rendezvous = world_.rendezvous(kTopic);
  const std::size_t writer = rendezvous == eu_ ? us_ : eu_;
  const std::size_t reader = 3 - rendezvous - writer;
  world_.publish(writer, kTopic, 7);
  world_.run_for(1s);
  // The writer is deaf and mute just when the rendezvous changes, and believes what it knows for as
  // long as it may.
  world_.cut_off(writer, 60s);
  world_.kill(rendezvous, 100ms);
  world_.run_for(200ms);
  world_.subscribe(reader, kTopic);
  const Time began = world_.now();
  ASSERT_TRUE(world_.run_until([&] { return world_.live(reader, kTopic); }, 60s));
  EXPECT_GE(world_.now() - began, world_.config.lease - 300ms);
}

TEST_F(Borders3, ARendezvousGivesItsRollsBackWhenItLeaves) {
  const std::size_t rendezvous = world_.rendezvous(kTopic);
  const std::size_t writer = rendezvous == eu_ ? us_ : eu_;
  const std::size_t reader = 3 - rendezvous - writer;
  subscribe(reader);
  world_.publish(writer, kTopic, 7);
  const std::size_t other = world_.add_closest_to(kTopic, "oz");
  world_.run_for(50ms);
  EXPECT_EQ(world_.stats(other).rolls, 1u) << "before anybody registers anew";
  world_.run_for(3s);
  world_.remove(other);
  world_.run_for(50ms);
  EXPECT_EQ(world_.stats(rendezvous).rolls, 1u);
  world_.subscribe(rendezvous, kTopic);
  EXPECT_TRUE(
      world_.run_until([&] { return world_.live(rendezvous, kTopic); }, world_.config.settling / 2))
      << "there is nothing to wait for";
  const Sequence number = world_.publish(writer, kTopic, 7);
  world_.run_for(1s);
  EXPECT_TRUE(world_.heard(reader, kTopic, 7).numbers.contains(number));
  EXPECT_EQ(world_.heard(reader, kTopic, 7).numbers.size(), 2u);
}

TEST_F(Borders3, ARestartedRegionsReadersGoOn) {
  subscribe(us_);
  world_.publish(eu_, kTopic, 7);
  world_.run_for(1s);
  world_.kill(us_);
  world_.run_for(2s);
  for (int i = 0; i < 5; ++i) world_.publish(eu_, kTopic, 7);
  world_.revive(us_);
  world_.run_for(1s);
  subscribe(us_);
  const Sequence number = world_.publish(eu_, kTopic, 7);
  world_.run_for(5s);
  EXPECT_TRUE(world_.heard(us_, kTopic, 7).numbers.contains(number));
}

TEST_F(Borders3, APublisherThatFallsSilentIsNotWaitedFor) {
  world_.publish(eu_, kTopic, 7);
  world_.run_for(world_.config.publishing_idle + 5s);
  EXPECT_EQ(world_.stats(eu_).registrations, 0u);
  world_.cut_off(eu_);
  world_.run_for(5s);
  world_.subscribe(us_, kTopic);
  EXPECT_TRUE(world_.run_until([&] { return world_.live(us_, kTopic); }, 6s));
}

TEST_F(Borders3, NobodySpeaksWhenNobodyHasTopics) {
  world_.run_for(1min);
  const auto before = world_.messages(eu_, us_) + world_.messages(us_, eu_);
  world_.run_for(1min);
  // But for who asks whether its region has another home ring.
  EXPECT_LE(world_.messages(eu_, us_) + world_.messages(us_, eu_), before + 10);
  EXPECT_EQ(world_.about_topics(eu_, us_) + world_.about_topics(us_, eu_), 0u);
}

}  // namespace
}  // namespace phyllo::regions
