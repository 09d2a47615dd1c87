// Batches that reach a region through another one because that costs less.

#include <functional>
#include <string>
#include <utility>

#include "tests/regions/relays_fixture.h"

namespace phyllo::regions {
namespace {

TEST_F(Relays, ThePaidBorderCarriesOneCopyAndTheFreeOneTheOther) {
  begin_with_both();
  for (int i = 0; i < 50; ++i) {
    world_.publish(us_, kTopic, kWriter, 1000);
    world_.run_for(30ms);
  }
  world_.run_for(1s);
  EXPECT_EQ(copies(), relayed(50));
  EXPECT_EQ(world_.bytes(us_, de_), world_.bytes(de_, fr_));
  EXPECT_EQ(world_.bytes(us_, fr_), 0u);
  EXPECT_EQ(heard(de_), 50u);
  EXPECT_EQ(heard(fr_), 50u);
  EXPECT_EQ(world_.lost(de_) + world_.lost(fr_), 0u);
  EXPECT_EQ(world_.stats(de_).relayed_batches, 50u);
  EXPECT_EQ(world_.stats(us_).repeated_batches, 0u);
}

TEST_F(Relays, AWeightCountsLikeAPrice) {
  border("de", "fr").price_per_gb = 9;
  border("us", "fr").weight = 10;
  EXPECT_EQ(of_both(20), relayed(20));
}

TEST_F(Relays, WhereNothingIsSavedEachRegionIsSentToDirectly) {
  border("de", "fr").price_per_gb = 9;
  EXPECT_EQ(of_both(20), direct(20));
}

TEST_F(Relays, ARegionThatDoesNotWantTheTopicPassesItOn) {
  border("us", "hub").price_per_gb = 1;
  border("hub", "de").price_per_gb = 1;
  begin_with_both();
  publish(20);
  world_.run_for(1s);
  EXPECT_EQ(world_.batches(us_, hub_), 20u);
  EXPECT_EQ(world_.batches(hub_, de_), 20u);
  EXPECT_EQ(copies(), (Copies{0, 0, 20}));
  EXPECT_EQ(heard(de_), 20u);
  EXPECT_EQ(heard(fr_), 20u);
  EXPECT_EQ(world_.stats(hub_).imported_batches, 0u);
}

TEST_F(Relays, OnlyWhoIsAllowedToPassesOn) {
  border("us", "hub").price_per_gb = 1;
  border("hub", "de").price_per_gb = 1;
  world_.config.relaying = Relaying::kInterested;
  EXPECT_EQ(of_both(20), relayed(20));
  EXPECT_EQ(world_.batches(us_, hub_), 0u);
}

TEST_F(Relays, NobodyPassesOnWhereThatIsSwitchedOff) {
  world_.config.relaying = Relaying::kNone;
  EXPECT_EQ(of_both(20), direct(20));
}

TEST_F(Relays, NothingArrivesLaterThanIsAllowed) {
  for (const bool allowed : {true, false}) {
    SCOPED_TRACE(allowed);
    world_.config.extra_delay = allowed ? 20ms : 19ms;
    begin_with_both();
    fresh();
    publish(20);
    EXPECT_EQ(fresh(), allowed ? relayed(20) : direct(20));
    for (const std::size_t region : {us_, de_, fr_, hub_}) world_.remove(region);
  }
}

TEST_F(Relays, NoWayOfUnknownDelayIsTaken) {
  const std::pair<const char*, const char*> unknown[] = {{"us", "fr"}, {"us", "de"}, {"de", "fr"}};
  for (const auto& [from, to] : unknown) {
    SCOPED_TRACE(std::string(from) + to);
    border(from, to).delay = {};
    begin_with_both();
    fresh();
    publish(20);
    EXPECT_EQ(fresh(), direct(20));
    for (const std::size_t region : {us_, de_, fr_, hub_}) world_.remove(region);
    border(from, to).delay = 20ms;
  }
}

TEST_F(Relays, MoreThanFitsUnderWayStillGoesOnce) {
  begin_with_both();
  publish(1, 1s);
  for (int i = 0; i < 100; ++i) world_.publish(us_, kTopic, kWriter, 100'000);
  world_.run_for(2s);
  EXPECT_EQ(copies(), relayed(101));
  EXPECT_EQ(heard(fr_), 101u);
}

TEST_F(Relays, WhenTheWayChangesNothingOvertakesWhatIsOnTheOldOne) {
  begin_with_both();
  publish(20, 5ms);
  world_.unsubscribe(de_, kTopic);
  publish(50, 5ms);
  world_.run_for(2s);
  EXPECT_EQ(heard(fr_), 70u);
  EXPECT_EQ(world_.lost(fr_), 0u);
  EXPECT_EQ(world_.batches(us_, fr_) + world_.batches(de_, fr_), 70u) << "none of them twice";
}

/// Of each seed another region keeps the roll.
class SubscriptionsBehindARelay : public Relays,
                                  public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  SubscriptionsBehindARelay() : Relays(GetParam()) {}
  /// The region subscribes while the writer goes on, and has to hear what comes after that.
  void come_and_go(const std::function<void(std::uint64_t lost)>& heard) {
    begin();
    subscribe(de_);
    for (int round = 0; round < 30; ++round) {
      SCOPED_TRACE(round);
      publish(1, std::chrono::milliseconds(round * 7 % 60));
      world_.subscribe(fr_, kTopic);
      while (!world_.live(fr_, kTopic)) publish(1, 5ms);
      const std::uint64_t lost = world_.lost(fr_);
      const Sequence number = world_.publish(us_, kTopic, kWriter);
      const auto there = [&] {
        return world_.heard(fr_, kTopic, kWriter).numbers.contains(number);
      };
      ASSERT_TRUE(world_.run_until(there, 5s));
      heard(world_.lost(fr_) - lost);
      world_.unsubscribe(fr_, kTopic);
      world_.run_for(100ms);
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Seeds, SubscriptionsBehindARelay,
                         ::testing::ValuesIn(phyllo::testing::seeds(1, 6)));

TEST_P(SubscriptionsBehindARelay, MissNothing) {
  come_and_go([](std::uint64_t lost) { EXPECT_EQ(lost, 0u); });
}

/// What was published just before it began may then be reported to a reader, and no more than that:
/// the time that passed is known up to what a message takes longer than others.
TEST_P(SubscriptionsBehindARelay, MissNothingWhereTheWayTakesNowThisNowThatTime) {
  world_.jitter = 10ms;
  come_and_go([&](std::uint64_t lost) {
    const Sequence latest = *world_.heard(fr_, kTopic, kWriter).numbers.rbegin();
    EXPECT_LT(lost, latest);
  });
}

}  // namespace
}  // namespace phyllo::regions
