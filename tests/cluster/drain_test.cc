// Brokers that stop in order, under traffic: nobody may notice.

#include <algorithm>
#include <iostream>

#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

class Drain : public ClusterTest {
 protected:
  explicit Drain(std::uint64_t seed = seed_or(1)) : ClusterTest(seed, config()) {}

  static broker::BrokerConfig config() {
    broker::BrokerConfig config;
    config.multicast.children_limit = 2;  // so that the tree has forwarders
    return config;
  }
  void begin(std::size_t brokers) {
    ASSERT_TRUE(cluster_.grow(brokers));
    listeners_ = program_at_each_broker();
    subscribe_all(listeners_, "t");
    for (const StationId id : cluster_.running()) publishers_.push_back(&cluster_.program(id));
    cluster_.run_for(2s);
  }
  void drain(StationId id) {
    const Time begin = cluster_.now();
    cluster_.drain(id);
    ASSERT_TRUE(cluster_.run_until([&] { return !cluster_.running(id); }, kLong));
    longest_ = std::max(longest_, cluster_.now() - begin);
  }

  Programs listeners_;
  Programs publishers_;
  Duration longest_{0};
};

class RollingRestart : public Drain, public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  RollingRestart() : Drain(GetParam()) {}
  void TearDown() override {
    if (HasFailure()) std::cout << "replay with PHYLLO_SEED=" << GetParam() << "\n";
  }
};

/// The root, too. What is published meanwhile is taken by it or by its heir, without a pause.
TEST_P(RollingRestart, OfAllBrokersLosesNothing) {
  begin(6);
  traffic(publishers_, "t", 8s, 10ms);
  for (const StationId id : cluster_.running()) {
    drain(id);
    cluster_.start(id, {(id + 1) % 6});
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_active(); }, kLong));
    cluster_.run_for(500ms);
  }
  cluster_.run_for(8s);  // until the last one has published
  expect_everything_delivered_everywhere(listeners_.size());
  EXPECT_LT(longest_, 1500ms) << "it does not use up its time when there is nothing left to do";
  EXPECT_LT(cluster_.ledger().longest_wait(), 250ms);
}

class LeavingRoot : public RollingRestart {
 protected:
  void SetUp() override {
    begin(8);
    traffic(publishers_, "t", 4s, 10ms);
    cluster_.run_for(1s);
    root_ = cluster_.closest_to("t");
    const auto key = multicast::TopicId::of(*TopicName::parse("t")).key();
    const auto closest = cluster_.broker(root_).node().replica_set(key, 2);
    heir_ = *cluster_.station_of(closest.back().id());
  }
  void expect_well() {
    cluster_.run_for(4s);
    expect_nothing_lost_silently();
    EXPECT_TRUE(cluster_.run_until([&] { return roots() == 1; }, kLong)) << roots() << " roots";
  }

  StationId root_ = 0;
  StationId heir_ = 0;
};

TEST_P(LeavingRoot, FindsAnotherHeirWhenTheFirstOneLeavesAsWell) {
  cluster_.drain(root_);
  cluster_.run_for(Duration(cluster_.random().below(20'000'000)));
  drain(heir_);
  EXPECT_TRUE(cluster_.run_until([&] { return !cluster_.running(root_); }, kLong));
  expect_well();
}

TEST_P(LeavingRoot, FindsAnotherHeirWhenTheFirstOneDies) {
  cluster_.drain(root_);
  cluster_.run_for(Duration(cluster_.random().below(60'000'000)));
  cluster_.kill(heir_);
  EXPECT_TRUE(cluster_.run_until([&] { return !cluster_.running(root_); }, kLong));
  expect_well();
}

INSTANTIATE_TEST_SUITE_P(Seeds, LeavingRoot, ::testing::ValuesIn(seeds(1, 30)));
INSTANTIATE_TEST_SUITE_P(Seeds, RollingRestart, ::testing::ValuesIn(seeds(1, 30)));

TEST_F(Drain, AProgramThatDoesNotMoveIsShownTheDoor) {
  begin(3);
  listeners_[0]->freeze();
  drain(0);
  EXPECT_LE(longest_, 2100ms);
  EXPECT_FALSE(cluster_.running(0));
}

}  // namespace
}  // namespace phyllo::testing
