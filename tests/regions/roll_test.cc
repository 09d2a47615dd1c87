#include "regions/roll.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TopicId kTopic = TopicId::of(TopicName::parse("news/sport").value());
constexpr Attempt kLife = Attempt{7} << multicast::kAttemptLifeShift;

overlay::Contact root(std::uint64_t id, const std::string& region) {
  const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
  return {overlay::NodeId(id), 0, {region, endpoint, endpoint}};
}

const overlay::Contact kEu = root(1, "eu");
const overlay::Contact kUs = root(2, "us");
const overlay::Contact kOtherUs = root(3, "us");

Register wants(const overlay::Contact& who, Attempt version) {
  return {kTopic, who, kLife + version, 1, false, false};
}
Register publishes(const overlay::Contact& who, Attempt version) {
  return {kTopic, who, kLife + version, 0, true, false};
}
Register gone(const overlay::Contact& who, Attempt version) {
  return {kTopic, who, kLife + version, 0, false, false};
}

TEST(Roll, ListsOneRootForEachInterestedRegion) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, publishes(kEu, 1));
  EXPECT_THAT(roll.interested(), IsEmpty());
  roll.enter(Time{}, wants(kUs, 1));
  EXPECT_THAT(roll.interested(), ElementsAre(kUs));
  roll.enter(Time{}, wants(kOtherUs, 1));
  EXPECT_THAT(roll.interested(), ElementsAre(kOtherUs));
  roll.enter(Time{}, gone(kOtherUs, 2));
  EXPECT_THAT(roll.interested(), ElementsAre(kUs));
  roll.enter(Time{}, gone(kUs, 2));
  EXPECT_THAT(roll.interested(), IsEmpty());
}

TEST(Roll, TellsWhoPassedTheInterestOnUntilThatOneSpeaksAgain) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, wants(kUs, 1));
  EXPECT_THAT(roll.passed(), IsEmpty());
  roll.enter(Time{}, {kTopic, kUs, kLife + 2, 1, false, true});
  roll.enter(Time{}, wants(kOtherUs, 1));
  EXPECT_THAT(roll.passed(), ElementsAre(kUs.id()));
  roll.enter(Time{}, wants(kUs, 3));
  EXPECT_THAT(roll.passed(), IsEmpty());
  for (std::uint64_t id = 100; id < 200; ++id) {
    roll.enter(Time{}, {kTopic, root(id, "us"), kLife + 1, 1, false, true});
  }
  EXPECT_EQ(roll.passed().size(), 8u);
}

TEST(Roll, WhoPassedItsInterestOnDoesNotEndIt) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, wants(kUs, 1));
  roll.enter(Time{}, {kTopic, kUs, kLife + 2, 1, false, true});
  roll.enter(Time{}, gone(kUs, 3));
  EXPECT_THAT(roll.interested(), ElementsAre(kUs)) << "until the next root speaks";
  roll.expire(Time{} + 13s, 12s, 120s);
  EXPECT_THAT(roll.interested(), IsEmpty()) << "nobody took it over";
}

/// Two rings of one region that became one: who was root in its own is heard late.
TEST(Roll, WhoPassedItsInterestOnDoesNotEndThatOfAnEarlierRoot) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, wants(kUs, 1));
  roll.enter(Time{} + 1s, wants(kOtherUs, 1));
  roll.enter(Time{} + 1s, {kTopic, kOtherUs, kLife + 2, 1, false, true});
  roll.enter(Time{} + 2s, gone(kOtherUs, 3));
  EXPECT_THAT(roll.interested(), ElementsAre(kUs));
}

TEST(Roll, AnInterestIsOpenWhenEverybodyWhoPublishesKnowsOfIt) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, publishes(kEu, 1));
  roll.enter(Time{}, wants(kUs, 1));
  EXPECT_THAT(roll.behind(), ElementsAre(kEu.id()));
  EXPECT_THAT(roll.open_up(), IsEmpty());
  roll.taken(kEu.id(), roll.edition());
  EXPECT_THAT(roll.behind(), IsEmpty());
  EXPECT_THAT(roll.open_up(), ElementsAre(kUs.id()));
  EXPECT_THAT(roll.open_up(), IsEmpty());
}

TEST(Roll, NobodyIsWaitedForWhereNobodyPublishes) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, wants(kUs, 1));
  EXPECT_THAT(roll.open_up(), ElementsAre(kUs.id()));
}

TEST(Roll, WhoClaimsToKnowWhatIsYetToComeKnowsThePresentOnly) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, publishes(kEu, 1));
  roll.taken(kEu.id(), 1000);
  roll.enter(Time{}, wants(kUs, 1));
  EXPECT_THAT(roll.open_up(), IsEmpty());
}

TEST(Roll, ARegistrationThatWasOvertakenSaysNothing) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, wants(kUs, 5));
  EXPECT_FALSE(roll.enter(Time{}, gone(kUs, 4)));
  EXPECT_THAT(roll.interested(), ElementsAre(kUs));
}

TEST(Roll, ALaterLifeOfARootKnowsNothing) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, wants(kUs, 1));
  roll.enter(Time{}, publishes(kEu, 1));
  roll.taken(kEu.id(), roll.edition());
  Register again = publishes(kEu, 0);
  again.version = Attempt{9} << multicast::kAttemptLifeShift;
  roll.enter(Time{}, again);
  EXPECT_THAT(roll.behind(), ElementsAre(kEu.id()));
}

TEST(Roll, WhoFellSilentIsNotWaitedForAndHasToRegisterAgain) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, publishes(kEu, 1));
  roll.enter(Time{}, {kTopic, kUs, kLife + 1, 1, true, false});
  EXPECT_EQ(roll.next_expiry(4s, 120s), Time{} + 4s);
  roll.expire(Time{} + 4s, 4s, 120s);
  EXPECT_EQ(roll.find(kEu.id()), nullptr);
  EXPECT_THAT(roll.open_up(), IsEmpty());
  EXPECT_NE(roll.find(kUs.id())->version, kLife + 1);
  EXPECT_THAT(roll.interested(), ElementsAre(kUs));
  roll.expire(Time{} + 120s, 4s, 120s);
  EXPECT_TRUE(roll.empty());
}

TEST(Roll, WhoIsRootAgainSpeaksForItsRegionAgain) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, wants(kUs, 1));
  roll.enter(Time{}, wants(kOtherUs, 1));
  Register passing = wants(kUs, 2);
  passing.passing = true;
  roll.enter(Time{}, passing);
  EXPECT_THAT(roll.interested(), ElementsAre(kOtherUs));
  roll.enter(Time{}, wants(kUs, 3));
  EXPECT_THAT(roll.interested(), ElementsAre(kUs));
}

TEST(Roll, WhatWasPassedOnIsVoidWhenTheNextOneSpeaks) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, wants(kUs, 1));
  Register passing = wants(kUs, 2);
  passing.passing = true;
  roll.enter(Time{}, passing);
  roll.enter(Time{}, wants(kOtherUs, 1));
  roll.enter(Time{}, gone(kOtherUs, 2));
  EXPECT_THAT(roll.interested(), IsEmpty());
}

TEST(Roll, WhatWasPassedOnWaitsForTheNextOneForALease) {
  Roll roll{std::nullopt};
  Register passing = wants(kUs, 1);
  passing.passing = true;
  roll.enter(Time{}, passing);
  EXPECT_EQ(roll.next_expiry(4s, 120s), Time{} + 4s);
  roll.expire(Time{} + 3999ms, 4s, 120s);
  EXPECT_THAT(roll.interested(), ElementsAre(kUs));
  roll.expire(Time{} + 4s, 4s, 120s);
  EXPECT_THAT(roll.interested(), IsEmpty());
}

TEST(Roll, ARegionsLastWordVoidsWhatADeadRootOfItSaid) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, wants(kUs, 1));
  roll.enter(Time{} + 1s, wants(kOtherUs, 1));
  roll.enter(Time{} + 2s, gone(kOtherUs, 2));
  EXPECT_THAT(roll.interested(), IsEmpty());
}

TEST(Roll, ASilentRootDoesNotSpeakForARegionInWhichAnotherOneDoes) {
  Roll roll{std::nullopt};
  roll.enter(Time{}, wants(kUs, 1));
  roll.enter(Time{}, wants(kOtherUs, 1));
  roll.enter(Time{}, wants(kEu, 1));
  roll.heard(Time{} + 5s, kUs.id());
  roll.expire(Time{} + 6s, 4s, 120s);
  EXPECT_THAT(roll.interested(), ElementsAre(kEu, kUs));
}

TEST(Roll, IsBounded) {
  Roll roll{std::nullopt};
  for (std::uint64_t i = 0; i <= kMaxRoots; ++i) roll.enter(Time{}, wants(root(10 + i, "us"), 1));
  EXPECT_EQ(roll.entries().size(), kMaxRoots);
}

}  // namespace
}  // namespace phyllo::regions
