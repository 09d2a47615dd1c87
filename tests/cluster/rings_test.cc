// A ring of all brokers and one of each region: how they form, part, heal, and notice deaths.

#include <algorithm>
#include <chrono>
#include <map>

#include "overlay/codec.h"
#include "tests/cluster/rings_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

TEST_F(RegionalRings, FormByThemselvesWhenAllStartAtOnceWithASeedInEachRegion) {
  add_brokers(4);
  start_all({0, 4, 8});
  ASSERT_TRUE(whole_within(40s));
  EXPECT_EQ(rings_of(cluster_).size(), 4u);
  for (StationId id = 0; id < cluster_.size(); ++id) {
    EXPECT_EQ(rings(id).global().left_leaves().size(), 8u);
    EXPECT_EQ(rings(id).home().left_leaves().size(), 3u);
  }
}

TEST_F(RegionalRings, FormAlsoWhereTheOnlySeedIsInAnotherRegion) {
  add_brokers(4);
  start_all({0});
  ASSERT_TRUE(whole_within(60s));
}

TEST_F(RegionalRings, CarryTheTopicsOfEachRegionInsideIt) {
  add_brokers(4);
  start_all({0, 4, 8});
  ASSERT_TRUE(whole_within(40s));
  programs_in_each_region();
  cluster_.run_for(5s);
  EXPECT_THAT(check_at_rest(cluster_), IsEmpty());
  EXPECT_THAT(check_publications(cluster_), IsEmpty());
}

TEST_F(RegionalRings, TheFirstOfItsRegionServesSoon) {
  add_brokers(3);
  for (const StationId id : in("eu")) cluster_.start(id, {in("eu").front()});
  ASSERT_TRUE(whole_within(20s));
  const StationId first = in("us").front();
  cluster_.start(first, {in("eu").front()});
  EXPECT_TRUE(cluster_.run_until([&] { return rings(first).home().active(); }, 4s));
  EXPECT_TRUE(cluster_.run_until([&] { return rings(first).global().active(); }, 10s));
  EXPECT_THAT(rings(first).home().left_leaves(), IsEmpty());
  EXPECT_GT(rings(first).foreigners_refused(), 0u) << "the seed is none of the region's ring";
}

TEST_F(RegionalRings, TheFirstOfARegionServesSoonWhereNobodyElseCanBeReached) {
  add_brokers(2);
  for (const StationId id : in("us")) cluster_.network().put_on_side(id, 1);
  const StationId alone = in("us").front();
  cluster_.start(alone, {in("eu").front()});
  const Duration patience = regional_config().global_ring.founding_patience + 1s;
  EXPECT_TRUE(cluster_.run_until([&] { return rings(alone).home().active(); }, patience));
}

TEST_F(RegionalRings, OfTwoThatStartedApartBecomeOneWhenTheyCanMeet) {
  add_brokers(2);
  const std::vector<StationId> eu = in("eu");
  const std::vector<StationId> us = in("us");
  for (const StationId id : eu) cluster_.start(id, {eu.front()});
  ASSERT_TRUE(whole_within(20s));
  cluster_.network().cut_both_ways(us[0], us[1]);
  for (const StationId id : us) cluster_.start(id, {eu.front()});
  ASSERT_TRUE(cluster_.run_until(
      [&] { return rings(us[0]).home().active() && rings(us[1]).home().active(); }, 30s));
  EXPECT_THAT(rings(us[0]).home().left_leaves(), IsEmpty());
  cluster_.network().mend_all();
  EXPECT_TRUE(whole_within(40s));
}

TEST_F(RegionalRings, OfARegionThatIsCutOffGoOnAndFindTheOthersAgain) {
  add_brokers(4);
  start_all({0, 4, 8});
  ASSERT_TRUE(whole_within(40s));
  programs_in_each_region();
  for (const StationId id : in("us")) cluster_.network().put_on_side(id, 1);
  cluster_.run_for(20s);
  const auto gaps = cluster_.ledger().gap_messages();
  EXPECT_THAT(check_publications(cluster_), IsEmpty()) << "inside the regions nothing has changed";
  EXPECT_EQ(cluster_.ledger().gap_messages(), gaps);
  for (const StationId id : in("us")) {
    EXPECT_EQ(rings(id).global().left_leaves().size(), 3u) << "only the region is left";
  }
  for (const StationId id : in("us")) cluster_.network().put_on_side(id, 0);
  EXPECT_TRUE(whole_within(100s));
}

/// How often a broker wrote of this peer that it is lost, ring by ring.
std::map<std::string, int> losses_noted(const BrokerProcess& process, overlay::NodeId peer) {
  std::map<std::string, int> noted{{"home", 0}, {"global", 0}};
  for (const auto& [when, notice] : process.notices()) {
    if (notice.peer != peer || notice.text.find("lost: ") == std::string::npos) continue;
    ++noted[notice.text.starts_with("global ring: ") ? "global" : "home"];
  }
  return noted;
}

TEST_F(RegionalRings, BothNoticeOnceThatABrokerDied) {
  add_brokers(4);
  start_all({0, 4, 8});
  ASSERT_TRUE(whole_within(40s));
  cluster_.run_for(5s);
  const StationId victim = in("eu")[1];
  std::map<StationId, int> questions;  // of the global ring, by brokers of the victim's region
  cluster_.network().trace().watch([&](const NetworkTrace::Record& record) {
    if (record.what != NetworkTrace::What::kSent || record.to != victim) return;
    overlay::Places places;
    const auto sent = overlay::decode_of_any_ring(record.wire, places);
    if (!sent.ok() || sent->ring != overlay::RingScope::kGlobal) return;
    if (cluster_.region(record.from) != "eu") return;
    const auto* probe = std::get_if<overlay::Probe>(&sent->message);
    const bool asks = (probe && probe->nonce != overlay::kNoAnswerWanted) ||
                      std::holds_alternative<overlay::Ping>(sent->message);
    questions[record.from] += asks;
  });
  cluster_.kill(victim, Death::kSilent);
  ASSERT_TRUE(whole_within(15s));
  for (const StationId id : cluster_.running()) {
    const auto noted = losses_noted(cluster_.process(id), cluster_.id(victim));
    EXPECT_EQ(noted.at("home"), cluster_.region(id) == "eu" ? 1 : 0) << id;
    EXPECT_EQ(noted.at("global"), 1) << id;
  }
  for (const auto& [from, count] : questions) {
    EXPECT_LE(count, 2) << "broker " << from << " asked again for what the home ring had found out";
  }
}

TEST_F(RegionalRings, ABrokerThatComesBackLivesOneLifeInBoth) {
  add_brokers(3);
  start_all({0, 3, 6});
  ASSERT_TRUE(whole_within(40s));
  const StationId one = in("eu")[1];
  for (int life = 1; life <= 3; ++life) {
    cluster_.kill(one, life == 2 ? Death::kSilent : Death::kReported);
    cluster_.start(one, {0, 3, 6});
    ASSERT_TRUE(whole_within(40s));
    EXPECT_GT(rings(one).self().incarnation(), 0u);
    EXPECT_EQ(rings(one).home().self().incarnation(), rings(one).global().self().incarnation());
  }
}

TEST_F(RegionalRings, AreBothShownToWhoeverAsks) {
  add_brokers(2);
  start_all({0, 2, 4});
  ASSERT_TRUE(whole_within(40s));
  Program& program = cluster_.program(in("eu").front());
  program.ask_peers();
  ASSERT_TRUE(cluster_.run_until([&] { return !program.answers().empty(); }, 5s));
  const auto& peers = std::get<broker::client::PeersAnswer>(program.answers()[0].what);
  EXPECT_EQ(peers.left_leaves.size(), 1u);
  ASSERT_TRUE(peers.global_ring);
  EXPECT_EQ(peers.global_ring->state, "active");
  EXPECT_EQ(peers.global_ring->left_leaves.size(), 5u);
}

TEST_F(RegionalRings, ARegionRestartsFromItsSecondSeed) {
  add_brokers(3);
  start_all({0, 3, 6});
  ASSERT_TRUE(whole_within(40s));
  for (const StationId id : in("us")) cluster_.kill(id, Death::kReported);
  for (const StationId id : in("us")) cluster_.start(id, {0, 3, 6});
  EXPECT_TRUE(whole_within(60s));
}

/// What a cluster sends in its first half minute.
std::pair<std::uint64_t, std::uint64_t> traffic_with(std::vector<std::string> regions) {
  broker::BrokerConfig config;
  config.regions = std::move(regions);
  Cluster cluster({.seed = 5, .broker = config});
  EXPECT_TRUE(cluster.grow(6));
  cluster.run_for(30s);
  return {cluster.network().messages_sent(), cluster.network().bytes_sent()};
}

TEST(OneRegion, HasOneRingAndNotAByteMore) { EXPECT_EQ(traffic_with({}), traffic_with({"r"})); }

}  // namespace
}  // namespace phyllo::testing
