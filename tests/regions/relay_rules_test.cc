// Topics that must not be everywhere, on their way through other regions.

#include <string>
#include <utility>
#include <vector>

#include "tests/regions/relays_fixture.h"

namespace phyllo::regions {
namespace {

TEST_F(Relays, AFencedTopicPassesThroughNoRegionOutside) {
  border("us", "hub").price_per_gb = 1;
  border("hub", "de").price_per_gb = 1;
  world_.fence = Fence({{TopicPattern::parse("metro/#").value(), {"us", "de", "fr"}}});
  EXPECT_EQ(of_both(20), relayed(20));
  EXPECT_EQ(world_.batches(us_, hub_), 0u);
}

TEST_F(Relays, WithRulesKnowTheTopicStillWhenTheyWantItNoMore) {
  world_.fence = Fence({{TopicPattern::parse("metro/#").value(), {"us", "de", "fr"}}});
  begin_with_both();
  publish(20);
  world_.unsubscribe(de_, kTopic);
  publish(5, 4ms);
  world_.run_for(2s);
  EXPECT_EQ(world_.stats(de_).fenced_off, 0u);
  EXPECT_EQ(heard(fr_), 25u);
  EXPECT_EQ(world_.batches(us_, fr_) + world_.batches(de_, fr_), 25u) << "none of them twice";
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

}  // namespace
}  // namespace phyllo::regions
