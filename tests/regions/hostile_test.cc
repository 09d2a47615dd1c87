// Brokers of other regions that lie: what they say is counted where it can be told from the truth,
// and does no harm where it cannot.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/regions/world.h"
#include "tests/support/seeds.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

constexpr char kTopic[] = "metro/line-4";
constexpr PublisherId kWriter = 7;
constexpr PublisherId kForger = 66;

class Liars : public ::testing::Test {
 protected:
  Liars() {
    RecordProperty("seed", std::to_string(phyllo::testing::seed_or(1)));
    world_.table = RegionTable({"de", "fr", "us"});
    us_ = world_.add("us");
    de_ = world_.add("de");
    fr_ = world_.add("fr");
    liar_ = world_.add("fr");
    world_.run_for(5s);
    world_.subscribe(de_, kTopic);
    EXPECT_TRUE(world_.run_until([&] { return world_.live(de_, kTopic); }, 10s));
    world_.publish(us_, kTopic, kWriter);
    world_.run_for(1s);
  }
  static TopicId id() { return TopicId::of(TopicName::parse(kTopic).value()); }
  static multicast::Publish forged(std::uint64_t index = 0) {
    return {id(), 99, index, {kForger, index + 1, 1, Payload::from("\1x"), {}}};
  }
  /// Somebody of this region who is nowhere.
  overlay::Contact ghost(const std::string& region, std::uint64_t number = 1) const {
    const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.9:7400").value();
    return {overlay::NodeId(number), 0, {region, endpoint, endpoint}};
  }
  const overlay::Contact& at(std::size_t region) const { return world_.contact(region); }
  void say(std::size_t to, const Message& message) {
    world_.say(liar_, to, message);
    world_.run_for(1s);
  }
  std::uint64_t batches_from(std::size_t from) const {
    std::uint64_t sum = 0;
    for (const std::size_t to : {us_, de_, fr_, liar_}) sum += world_.batches(from, to);
    return sum;
  }
  std::uint64_t malformed(std::size_t region) const { return world_.stats(region).malformed; }
  /// All is as it was: published here, heard there, once.
  void expect_unharmed() {
    world_.run_for(20s);
    const std::size_t before = heard(kWriter);
    const std::uint64_t crossed = world_.batches(us_, de_);
    for (int i = 0; i < 20; ++i) {
      world_.publish(us_, kTopic, kWriter);
      world_.run_for(30ms);
    }
    world_.run_for(2s);
    EXPECT_EQ(heard(kWriter), before + 20);
    EXPECT_EQ(world_.heard(de_, kTopic, kWriter).twice, 0u);
    EXPECT_EQ(world_.batches(us_, de_), crossed + 20);
    EXPECT_EQ(world_.lost(de_), 0u);
  }
  std::size_t heard(PublisherId publisher) const {
    return world_.heard(de_, kTopic, publisher).numbers.size();
  }

  World world_{phyllo::testing::seed_or(1)};
  std::size_t us_ = 0, de_ = 0, fr_ = 0, liar_ = 0;
};

TEST_F(Liars, AWayThatLeadsBackToTheRelayEndsThere) {
  for (const auto& to : {at(us_), ghost("us"), at(liar_), at(fr_)}) {
    SCOPED_TRACE(to.region());
    const std::uint64_t before = malformed(us_);
    const std::uint64_t batches = batches_from(us_);
    say(us_, Relayed{at(liar_), {}, {{to, forged(), {}}}});
    EXPECT_EQ(malformed(us_), before + 1);
    EXPECT_EQ(batches_from(us_), batches);
  }
  expect_unharmed();
}

TEST_F(Liars, AWayInCirclesIsCutWhereItTurns) {
  Relayed::Leg way{at(de_), forged(), {}};
  for (std::size_t i = 0; i < 40; ++i) {  // deeper ones are not even read
    way = {at(i % 2 == 0 ? us_ : de_), {}, {std::move(way)}};
  }
  const std::uint64_t before = world_.batches(us_, de_) + world_.batches(de_, us_);
  say(us_, Relayed{at(liar_), {}, {std::move(way)}});
  EXPECT_LE(world_.batches(us_, de_) + world_.batches(de_, us_), before + 1);
  EXPECT_GT(malformed(us_) + malformed(de_), 0u);
  EXPECT_EQ(heard(kForger), 0u);
  expect_unharmed();
}

TEST_F(Liars, AWayToNobodyIsFollowedByNobody) {
  std::vector<Relayed::Leg> legs;
  for (std::uint64_t i = 0; i < kMaxLegs; ++i) {
    legs.push_back({ghost("region-" + std::to_string(i), i + 1), forged(), {}});
  }
  say(us_, Relayed{at(liar_), {}, std::move(legs)});
  EXPECT_EQ(world_.stats(us_).relayed_batches, kMaxLegs);
  expect_unharmed();
}

TEST_F(Liars, WhoSaysThatABatchComesFromTheRelaysOwnRegionIsNotBelieved) {
  const std::uint64_t before = malformed(de_);
  say(de_, Relayed{ghost("de"), forged(), {}});
  say(de_, Relayed{at(de_), forged(), {}});
  EXPECT_EQ(malformed(de_), before + 2);
  EXPECT_EQ(heard(kForger), 0u);
  expect_unharmed();
}

TEST_F(Liars, AListOfInterestedRegionsThatAreNoneCostsNothingAfterItsTime) {
  std::vector<overlay::Contact> roots{at(us_), ghost("us"), at(de_)};
  for (std::uint64_t i = 0; i < 100; ++i) {
    roots.push_back(ghost("region-" + std::to_string(i), i + 1));
  }
  say(us_, Interest{id(), 1, 1, 1, true, 0, roots, {}});
  world_.publish(us_, kTopic, kWriter);
  world_.run_for(world_.config.interest_life + 30s);
  expect_unharmed();
  EXPECT_EQ(world_.stats(us_).waiting_bytes, 0u) << "nothing waits for them";
}

TEST_F(Liars, ARootOfAnotherRegionDoesNotSpeakForThisOne) {
  const std::size_t rendezvous = world_.rendezvous(kTopic);
  for (const std::string region : {"us", "de", "nowhere", ""}) {
    SCOPED_TRACE(region);
    say(rendezvous, Register{id(), ghost(region), 1, 5, true, false});
    say(rendezvous, Present{{{id(), ghost(region), 2, 5, true, false}}});
    say(rendezvous, Book{id(), true, {{{id(), ghost(region), 3, 5, true, false}, 3, 1h}}});
  }
  // Ghosts are forgotten.
  world_.run_for(world_.config.interest_life + 10s);
  expect_unharmed();
}

TEST_F(Liars, WhoIsThereOfARegionIsOnlyBelievedOfWhoAnswers) {
  say(us_, Sought{"us", {ghost("de"), ghost("us"), at(liar_)}});
  say(us_, Sought{"nowhere", {ghost("nowhere")}});
  say(us_, Seek{""});
  say(us_, Seek{std::string(64, 'x')});
  say(us_, RollCall{ghost("us"), "us", {{id()}}});
  say(us_, RollCall{at(liar_), "fr", {{id()}}});
  expect_unharmed();
}

TEST_F(Liars, WordsThatAnswerNothingMeanNothing) {
  const multicast::PublishAck ack{id(), 99, 1000, {1, {{}, 7}}};
  for (const std::size_t to : {us_, de_}) {
    say(to, HopTaken{17});
    say(to, ack);
    say(to, multicast::PublishNack{ack, multicast::PublishNack::Reason::kUnwanted});
    say(to, multicast::Missing{id(), 99, 5, 1000, overlay::NodeId(1), "nowhere"});
    say(to, InterestTaken{id(), 1, 1000});
    say(to, Refreshed{17, {id()}});
    say(to, Refresh{17, {{id(), 1}}});
  }
  expect_unharmed();
}

}  // namespace
}  // namespace phyllo::regions
