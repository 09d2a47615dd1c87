// Batches that reach a region through another one because that costs less.

#include <gtest/gtest.h>

#include <functional>

#include "tests/regions/world.h"
#include "tests/support/seeds.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

constexpr char kTopic[] = "metro/eu/line-4";
constexpr PublisherId kWriter = 7;

/// Every border is 20 ms long. Each leads to a price of 9, but from de to fr nothing is paid.
class Relays : public ::testing::Test {
 protected:
  explicit Relays(std::uint64_t seed = phyllo::testing::seed_or(1)) : world_(seed) {
    RecordProperty("seed", std::to_string(seed));
    world_.table = RegionTable({"de", "fr", "hub", "us"});
    for (std::size_t from = 0; from < 4; ++from) {
      for (std::size_t to = 0; to < 4; ++to) {
        if (from != to) world_.table.border(from, to) = {.price_per_gb = 9, .delay = 20ms};
      }
    }
    border("de", "fr").price_per_gb = 0;
  }

  Border& border(const std::string& from, const std::string& to) {
    return world_.table.border(*world_.table.index(from), *world_.table.index(to));
  }
  /// With what has been configured until then.
  void begin() {
    us_ = world_.add("us");
    de_ = world_.add("de");
    fr_ = world_.add("fr");
    hub_ = world_.add("hub");
    world_.run_for(5s);
  }
  void subscribe(std::size_t region) {
    world_.subscribe(region, kTopic);
    ASSERT_TRUE(world_.run_until([&] { return world_.live(region, kTopic); }, 10s));
  }
  void publish(int count, Duration every = 30ms) {
    for (int i = 0; i < count; ++i) {
      world_.publish(us_, kTopic, kWriter);
      world_.run_for(every);
    }
  }
  /// Copies that crossed each border in the meantime.
  struct Copies {
    std::uint64_t to_de, to_fr, de_to_fr;
    bool operator==(const Copies&) const = default;
  };
  Copies copies() const {
    return {world_.batches(us_, de_), world_.batches(us_, fr_), world_.batches(de_, fr_)};
  }
  /// To the two regions that want the topic, with what has been configured until then.
  Copies of_both(int count) {
    begin();
    subscribe(de_);
    subscribe(fr_);
    publish(count);
    return copies();
  }
  std::size_t heard(std::size_t region) const {
    return world_.heard(region, kTopic, kWriter).numbers.size();
  }
  /// Since the last time.
  Copies fresh() {
    const Copies now = copies();
    const Copies before = std::exchange(counted_, now);
    return {now.to_de - before.to_de, now.to_fr - before.to_fr, now.de_to_fr - before.de_to_fr};
  }
  static constexpr Copies direct(std::uint64_t count) { return {count, count, 0}; }
  static constexpr Copies relayed(std::uint64_t count) { return {count, 0, count}; }

  World world_;
  std::size_t us_ = 0, de_ = 0, fr_ = 0, hub_ = 0;
  Copies counted_{};
};

void PrintTo(const auto& copies, std::ostream* out) requires requires { copies.de_to_fr; }
{
  *out << "us to de " << copies.to_de << ", us to fr " << copies.to_fr << ", de to fr "
       << copies.de_to_fr;
}

TEST_F(Relays, ThePaidBorderCarriesOneCopyAndTheFreeOneTheOther) {
  begin();
  subscribe(de_);
  subscribe(fr_);
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
  begin();
  subscribe(de_);
  subscribe(fr_);
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

TEST_F(Relays, AFencedTopicPassesThroughNoRegionOutside) {
  border("us", "hub").price_per_gb = 1;
  border("hub", "de").price_per_gb = 1;
  world_.fence = Fence({{TopicPattern::parse("metro/#").value(), {"us", "de", "fr"}}});
  EXPECT_EQ(of_both(20), relayed(20));
  EXPECT_EQ(world_.batches(us_, hub_), 0u);
}

/// To both others the way leads through `hub`, which has rules that keep the topic out of it, or in
/// one of the regions that get it.
class RelaysWithOtherRules : public Relays {
 protected:
  void begin(std::vector<std::string> inside) {
    border("us", "hub").price_per_gb = 1;
    border("hub", "de").price_per_gb = 1;
    us_ = world_.add_closest_to(kTopic, "us");
    de_ = world_.add("de");
    fr_ = world_.add("fr");
    world_.fence = Fence({{TopicPattern::parse("metro/#").value(), std::move(inside)}});
    hub_ = world_.add("hub");
    world_.fence = {};
    world_.run_for(5s);
    subscribe(de_);
    subscribe(fr_);
  }
};

TEST_F(RelaysWithOtherRules, PassNothingOnThatTheyMustNotHold) {
  begin({"us", "de", "fr"});
  publish(50);
  world_.run_for(5s);
  EXPECT_GT(world_.batches(us_, hub_), 0u) << "by the others' rules it is a good way";
  EXPECT_EQ(world_.batches(hub_, de_) + world_.batches(hub_, fr_), 0u);
  EXPECT_EQ(world_.stats(hub_).fenced_off, world_.batches(us_, hub_));
  EXPECT_EQ(heard(de_), 50u);
  EXPECT_EQ(heard(fr_), 50u);
  EXPECT_EQ(world_.lost(de_) + world_.lost(fr_), 0u);
}

TEST_F(RelaysWithOtherRules, PassNothingOnToWhereItMustNotBe) {
  begin({"us", "hub"});
  publish(50);
  world_.run_for(5s);
  EXPECT_GT(world_.batches(us_, hub_), 0u);
  EXPECT_EQ(world_.batches(hub_, de_) + world_.batches(hub_, fr_), 0u);
  EXPECT_GE(world_.stats(hub_).fenced_off, world_.batches(us_, hub_));
  EXPECT_EQ(heard(de_), 50u);
  EXPECT_EQ(heard(fr_), 50u);
}

TEST_F(RelaysWithOtherRules, AreToldTheNameUntilTheyKnowIt) {
  begin({"us", "de", "fr", "hub"});
  publish(50);
  EXPECT_EQ(world_.batches(us_, hub_), 50u);
  EXPECT_EQ(world_.batches(hub_, de_), 50u);
  EXPECT_LE(world_.named(us_, hub_), 5u);
  EXPECT_EQ(world_.stats(hub_).fenced_off, 0u);
}

TEST_F(RelaysWithOtherRules, AreToldTheNameAgainWhenTheyHaveForgottenIt) {
  begin({"us", "de", "fr", "hub"});
  publish(20);
  world_.kill(hub_);
  world_.run_for(2s);
  world_.revive(hub_);
  publish(600, 100ms);
  const std::uint64_t before = world_.batches(hub_, de_);
  publish(20);
  world_.run_for(1s);
  EXPECT_EQ(world_.batches(hub_, de_), before + 20);
  EXPECT_EQ(heard(de_), 640u);
  EXPECT_EQ(heard(fr_), 640u);
  EXPECT_EQ(world_.lost(de_) + world_.lost(fr_), 0u);
}

TEST_F(Relays, WithRulesKnowTheTopicStillWhenTheyWantItNoMore) {
  world_.fence = Fence({{TopicPattern::parse("metro/#").value(), {"us", "de", "fr"}}});
  begin();
  subscribe(de_);
  subscribe(fr_);
  publish(20);
  world_.unsubscribe(de_, kTopic);
  publish(5, 4ms);
  world_.run_for(2s);
  EXPECT_EQ(world_.stats(de_).fenced_off, 0u);
  EXPECT_EQ(heard(fr_), 25u);
  EXPECT_EQ(world_.batches(us_, fr_) + world_.batches(de_, fr_), 25u) << "none of them twice";
}

TEST_F(Relays, NobodyPassesOnWhereThatIsSwitchedOff) {
  world_.config.relaying = Relaying::kNone;
  EXPECT_EQ(of_both(20), direct(20));
}

TEST_F(Relays, NothingArrivesLaterThanIsAllowed) {
  for (const bool allowed : {true, false}) {
    SCOPED_TRACE(allowed);
    world_.config.extra_delay = allowed ? 20ms : 19ms;
    begin();
    subscribe(de_);
    subscribe(fr_);
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
    begin();
    subscribe(de_);
    subscribe(fr_);
    fresh();
    publish(20);
    EXPECT_EQ(fresh(), direct(20));
    for (const std::size_t region : {us_, de_, fr_, hub_}) world_.remove(region);
    border(from, to).delay = 20ms;
  }
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

TEST_F(Relays, WhenTheRelayDiesTheOthersAreSentToDirectlyAndMissNothing) {
  begin();
  subscribe(de_);
  subscribe(fr_);
  publish(20);
  world_.kill(de_);
  publish(200);
  world_.run_for(2s);
  EXPECT_EQ(heard(fr_), 220u);
  EXPECT_EQ(world_.heard(fr_, kTopic, kWriter).twice, 0u);
  EXPECT_EQ(world_.lost(fr_), 0u);
  fresh();
  publish(20);
  EXPECT_EQ(fresh().to_fr, 20u);
}

TEST_F(Relays, ARelayThatIsBackIsUsedAgain) {
  begin();
  subscribe(de_);
  subscribe(fr_);
  publish(20);
  world_.kill(de_);
  publish(50);
  world_.revive(de_);
  subscribe(de_);
  publish(600, 100ms);
  fresh();
  publish(20);
  world_.run_for(1s);
  EXPECT_EQ(fresh(), relayed(20));
  EXPECT_EQ(heard(fr_), 690u);
  EXPECT_EQ(world_.lost(fr_), 0u);
}

TEST_F(Relays, ARelayThatReachesTheOthersNoMoreIsNotReliedOn) {
  begin();
  subscribe(de_);
  subscribe(fr_);
  publish(20);
  world_.cut(de_, fr_);
  publish(100);
  world_.run_for(1s);
  EXPECT_EQ(heard(de_), 120u);
  EXPECT_EQ(heard(fr_), 120u);
  fresh();
  publish(20);
  EXPECT_EQ(fresh(), direct(20));
  world_.mend();
  publish(400, 200ms);
  fresh();
  publish(20);
  EXPECT_EQ(fresh(), relayed(20));
  world_.run_for(1s);
  EXPECT_EQ(heard(fr_), 560u);
  EXPECT_EQ(world_.heard(fr_, kTopic, kWriter).twice, 0u);
  EXPECT_EQ(world_.lost(fr_) + world_.lost(de_), 0u);
}

TEST_F(Relays, WhatIsLostOnTheWayIsSentAgain) {
  begin();
  subscribe(de_);
  subscribe(fr_);
  world_.loss = 0.05;
  publish(300);
  world_.loss = 0;
  world_.run_for(20s);
  for (const std::size_t region : {de_, fr_}) {
    EXPECT_EQ(heard(region), 300u);
    EXPECT_EQ(world_.heard(region, kTopic, kWriter).twice, 0u);
    EXPECT_EQ(world_.lost(region), 0u);
  }
}

TEST_F(Relays, MoreThanFitsUnderWayStillGoesOnce) {
  begin();
  subscribe(de_);
  subscribe(fr_);
  publish(1, 1s);
  for (int i = 0; i < 100; ++i) world_.publish(us_, kTopic, kWriter, 100'000);
  world_.run_for(2s);
  EXPECT_EQ(copies(), relayed(101));
  EXPECT_EQ(heard(fr_), 101u);
}

TEST_F(Relays, WhenTheWayChangesNothingOvertakesWhatIsOnTheOldOne) {
  begin();
  subscribe(de_);
  subscribe(fr_);
  publish(20, 5ms);
  world_.unsubscribe(de_, kTopic);
  publish(50, 5ms);
  world_.run_for(2s);
  EXPECT_EQ(heard(fr_), 70u);
  EXPECT_EQ(world_.lost(fr_), 0u);
  EXPECT_EQ(world_.batches(us_, fr_) + world_.batches(de_, fr_), 70u) << "none of them twice";
}

}  // namespace
}  // namespace phyllo::regions
