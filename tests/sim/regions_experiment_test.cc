// Topics over the regions of a cloud: what is drawn, how messages spread, and what that comes to.

#include "sim/experiment/regions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/experiment/regional_topics.h"
#include "sim/experiment/regions_account.h"
#include "sim/experiment/regions_run.h"
#include "sim/experiment/spread.h"
#include "tests/support/seeds.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

using Way = RegionsSetup::Way;
using Border = Spread::Border;

class Unseen final : public Progress {
 public:
  void update(const Advance&) override {}
};

/// Brokers 0, 3, 6 … are in region 0, brokers 1, 4, 7 … in region 1, the others in region 2.
constexpr std::size_t kRegions = 3;

RegionsSetup small() {
  RegionsSetup setup;
  setup.runs = {{testing::seed_or(1)}, 1};
  setup.regions = kRegions;
  setup.brokers = 3;
  setup.topics = 20;
  return setup;
}

RegionalTopic topic(StationId publisher, std::vector<StationId> members) {
  return {TopicName::parse("t").value(), publisher, std::move(members)};
}

TEST(RegionalTopics, LocalOnesAreUsedInTheRegionOfTheirPublisherOnly) {
  Random random(testing::seed_or(1));
  const auto topics = draw_topics({kRegions, 10, 300, 1, .7}, random);
  ASSERT_THAT(topics, SizeIs(300));
  std::size_t local = 0;
  for (const RegionalTopic& each : topics) {
    EXPECT_FALSE(each.members.empty());
    if (abroad(each, kRegions).empty()) ++local;
  }
  EXPECT_GT(local, 180u);
  EXPECT_LT(local, 240u);
}

TEST(RegionalTopics, TheMostPopularOneIsEverywhere) {
  Random random(testing::seed_or(1));
  const auto topics = draw_topics({kRegions, 10, 5, 1, 0}, random);
  EXPECT_THAT(topics.front().members, SizeIs(30));
  EXPECT_THAT(abroad(topics.front(), kRegions), SizeIs(kRegions - 1));
}

TEST(SpreadByMesh, EachMemberGetsItStraight) {
  const auto network = network_with_brokers(small());
  const Spread spread = spread_by_mesh(topic(0, {0, 1, 3, 4, 8}), kRegions, *network);
  EXPECT_THAT(spread.copies, ElementsAre(Pair(Border{0, 1}, 2u), Pair(Border{0, 2}, 1u)));
  EXPECT_THAT(spread.arrived, SizeIs(4));
  EXPECT_EQ(spread.arrived.at(8), network->delay(0, 8));
}

TEST(SpreadByGossip, AllMembersHearItAndMostMoreThanOnce) {
  const auto network = network_with_brokers(small());
  Random random(testing::seed_or(1));
  const Spread spread =
      spread_by_gossip(topic(0, {1, 2, 3, 4, 5, 6, 7, 8}), kRegions, 4, *network, random);
  EXPECT_THAT(spread.arrived, SizeIs(8));
  std::uint64_t copies = 0;
  for (const auto& [border, count] : spread.copies) copies += count;
  EXPECT_GT(copies, 6u) << "six members are in other regions";
}

TEST(SpreadByGossip, OneMemberAlonePassesNothingOn) {
  const auto network = network_with_brokers(small());
  Random random(1);
  const Spread spread = spread_by_gossip(topic(0, {0}), kRegions, 6, *network, random);
  EXPECT_THAT(spread.copies, IsEmpty());
  EXPECT_THAT(spread.arrived, IsEmpty());
}

TEST(RegionsAccount, TellsCopiesThatWereWantedFromTheOthers) {
  const auto network = network_with_brokers(small());
  const std::vector<RegionalTopic> topics{topic(0, {1, 4, 3})};
  const std::vector<Spread> spreads{
      {.copies = {{{0, 1}, 2}, {{1, 2}, 1}, {{2, 0}, 1}},
       .arrived = {{1, 2 * network->delay(0, 1)}, {3, network->delay(0, 3)}}}};
  const RegionsAccount sum = account(topics, spreads, kRegions, *network);
  EXPECT_EQ(sum.copies,
            (CopyCount{.wanted = 1, .entered = 2, .repeated = 1, .missed = 0, .unwanted = 2}));
  EXPECT_EQ(sum.undelivered, 1u);
  EXPECT_THAT(sum.far, ElementsAre(2.0));
  EXPECT_THAT(sum.near, ElementsAre(1.0));
  EXPECT_GT(sum.dollars, 0);
}

TEST(Regions, OneTreeForAllSendsMoreThanOneCopyAndWhereNobodyIs) {
  RegionsSetup setup = small();
  setup.ways = {Way::kScribe, Way::kMesh};
  Unseen progress;
  const Report report = run_regions(setup, progress);
  EXPECT_THAT(report.violations, IsEmpty());
  const auto& rows = report.tables.at(0).rows;
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_GT(std::get<double>(rows[0][3]), 0) << "copies into other regions";
  EXPECT_EQ(std::get<double>(rows[1][3]), 0);
  EXPECT_GT(std::get<double>(rows[0][4]), 0) << "dollars";
}

TEST(Regions, ASetupThatCannotBeIsRefused) {
  const auto problem = [](auto change) {
    RegionsSetup setup = small();
    change(setup);
    const Outcome ok = check(setup);
    return ok ? std::string() : ok.error().message;
  };
  EXPECT_THAT(problem([](RegionsSetup& s) { s.regions = 1; }), HasSubstr("regions"));
  EXPECT_THAT(problem([](RegionsSetup& s) { s.regions = 100; }), HasSubstr("regions"));
  EXPECT_THAT(problem([](RegionsSetup& s) { s.brokers = 0; }), HasSubstr("brokers"));
  EXPECT_THAT(problem([](RegionsSetup& s) { s.local = 1.5; }), HasSubstr("local"));
  EXPECT_THAT(problem([](RegionsSetup& s) { s.skew = -1; }), HasSubstr("skew"));
  EXPECT_THAT(problem([](RegionsSetup& s) { s.ways.clear(); }), HasSubstr("way"));
  EXPECT_EQ(problem([](RegionsSetup&) {}), "");
}

}  // namespace
}  // namespace phyllo::sim
