// Whole brokers in three regions, of which one is reached cheaper through another one.

#include <chrono>

#include "sim/cluster/border_traffic.h"
#include "sim/oracle/recovery.h"
#include "tests/cluster/judgements.h"
#include "tests/cluster/rings_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

constexpr char kTopic[] = "metro/line-4";

/// From us to ap is dear, through eu it is cheap and 50 ms longer.
RegionTable dear_border() {
  RegionTable regions = three_regions();
  regions.price_per_gb = {{0, 1, 1}, {1, 0, 1}, {9, 1, 0}};
  return regions;
}

class RelayedTopics : public RegionalRings {
 protected:
  RelayedTopics() : RegionalRings(seed_or(1), dear_border()) {}
  void SetUp() override {
    add_brokers(3);
    start_all({0, 3, 6});
    ASSERT_TRUE(whole_within(60s));
    cluster_.run_for(3s);
    writer_ = &cluster_.program(in("us")[0]);
  }
  void subscribe(const std::string& region) {
    for (const StationId id : in(region)) cluster_.program(id).subscribe(kTopic);
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
  }
  StationId root_in(const std::string& region) const {
    return cluster_.closest_to(kTopic, in(region));
  }
  void publish(int count, Duration every = 20ms) {
    for (int i = 0; i < count; ++i) {
      writer_->publish(kTopic);
      cluster_.run_for(every);
    }
  }
  /// What crosses when so many more are published, when all is well.
  void expect_relayed(std::uint64_t count, const BorderTraffic& traffic) {
    cluster_.run_for(2s);
    EXPECT_EQ(traffic.batches("us", "eu"), count);
    EXPECT_EQ(traffic.batches("eu", "ap"), count);
    EXPECT_EQ(traffic.batches(), 2 * count) << "and nowhere else";
  }

  void expect_steadily_relayed() {
    publish(20);
    cluster_.run_for(2s);
    const BorderTraffic traffic(cluster_);
    publish(100);
    expect_relayed(100, traffic);
    EXPECT_THAT(cluster_.ledger().complaints(), IsEmpty());
    EXPECT_EQ(cluster_.ledger().gap_messages(), 0u);
  }

  Program* writer_ = nullptr;
};

TEST_F(RelayedTopics, CrossThePaidBorderOnceForTwoRegions) {
  subscribe("eu");
  subscribe("ap");
  expect_steadily_relayed();
}

TEST_F(RelayedTopics, PassThroughARegionThatDoesNotWantThem) {
  subscribe("ap");
  expect_steadily_relayed();
}

TEST_F(RelayedTopics, SurviveTheDeathOfTheRelay) {
  subscribe("eu");
  subscribe("ap");
  publish(50);
  cluster_.kill(root_in("eu"), Death::kSilent);
  publish(400, 50ms);
  expect_recovery(cluster_);
  const BorderTraffic traffic(cluster_);
  publish(100);
  expect_relayed(100, traffic);
}

TEST_F(RelayedTopics, GoStraightThereWhileTheRelaysRegionIsCutOff) {
  subscribe("eu");
  subscribe("ap");
  publish(50);
  const auto group = cluster_.network().cut_off(in("eu"), Cut::kBothWays);
  ASSERT_TRUE(group.has_value());
  publish(400, 50ms);
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u) << cluster_.ledger().stories();
  {
    const BorderTraffic traffic(cluster_);
    publish(100);
    EXPECT_EQ(traffic.batches("us", "ap"), 100u);
  }
  cluster_.network().rejoin(*group);
  publish(400, 100ms);
  expect_recovery(cluster_);
  const BorderTraffic traffic(cluster_);
  publish(100);
  expect_relayed(100, traffic);
}

}  // namespace
}  // namespace phyllo::testing
