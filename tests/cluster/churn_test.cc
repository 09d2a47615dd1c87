// Brokers come, go, crash, return and are cut off, under traffic.

#include <algorithm>

#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

class Churn : public ClusterTest {
 protected:
  /// Subscribers at brokers 0 to `subscribers`−1, which also publish, all on one topic.
  void begin(std::size_t brokers, std::size_t subscribers, Duration duration) {
    ASSERT_TRUE(cluster_.grow(brokers));
    for (StationId id = 0; id < subscribers; ++id) programs_.push_back(&cluster_.program(id));
    subscribe_all(programs_, "t");
    traffic(programs_, "t", duration, subscribers * 10ms);
  }
  std::uint64_t children_of(StationId id) { return cluster_.broker(id).stats().multicast.children; }
  /// Brokers beside those that programs are on.
  std::vector<StationId> bystanders() {
    auto all = cluster_.active();
    std::erase_if(all, [&](StationId id) {
      return std::ranges::any_of(programs_, [&](Program* p) { return p->broker() == id; });
    });
    return all;
  }
  void expect_healed() {
    EXPECT_TRUE(cluster_.run_until([&] { return cluster_.all_active(); }, kLong));
    EXPECT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
    EXPECT_TRUE(cluster_.run_until([&] { return roots() == 1; }, kLong)) << roots() << " roots";
    expect_nothing_lost_silently();
    publish_everywhere();  // what was lost of a publisher is seen at its next message
    // And it works again, at everybody, without any gap.
    const auto gaps = cluster_.ledger().gap_messages();
    const auto delivered = cluster_.ledger().delivered_messages();
    publish_everywhere();
    EXPECT_EQ(cluster_.ledger().gap_messages(), gaps) << cluster_.ledger().stories();
    EXPECT_EQ(cluster_.ledger().delivered_messages(),
              delivered + programs_.size() * programs_.size());
    EXPECT_THAT(cluster_.ledger().complaints(), IsEmpty());
  }
  /// A goodbye costs at most what is overtaken while a child changes its parent.
  void expect_gaps_at_most(std::size_t messages) {
    EXPECT_LE(cluster_.ledger().gap_messages(), messages) << cluster_.ledger().stories();
  }
  void publish_everywhere() {
    for (Program* program : programs_) program->publish("t");
    cluster_.run_for(2s);
  }

  Programs programs_;
};

TEST_F(Churn, AJoinStormLosesNothing) {
  begin(10, 10, 5s);
  std::vector<StationId> newcomers;
  for (int i = 0; i < 40; ++i) newcomers.push_back(cluster_.add());
  for (const StationId id : newcomers) cluster_.start(id, {0, 1, 2});
  EXPECT_TRUE(cluster_.run_until([&] { return cluster_.all_active(); }, kLong));
  for (const StationId id : newcomers) {
    programs_.push_back(&cluster_.program(id));
    programs_.back()->subscribe("t");
  }
  cluster_.run_for(5s);
  expect_healed();
  expect_nothing_left();
}

TEST_F(Churn, ANewBrokerWhoseIdIsTheTopicsBecomesItsRoot) {
  begin(20, 10, 6s);
  cluster_.run_for(1s);
  const auto key = multicast::TopicId::of(*TopicName::parse("t")).key();
  const StationId chosen = cluster_.add_with_id(overlay::NodeId::at(key));
  cluster_.start(chosen, {3});
  cluster_.run_for(5s);
  EXPECT_EQ(cluster_.broker(chosen).stats().multicast.rooted_trees, 1u);
  expect_healed();
  expect_nothing_left();
}

TEST_F(Churn, BystandersThatLeaveCostNextToNothing) {
  begin(50, 10, 10s);
  for (int i = 0; i < 10; ++i) {
    cluster_.drain(cluster_.pick(bystanders()));
    cluster_.run_for(1s);
  }
  expect_gaps_at_most(20);
  expect_healed();
  expect_nothing_left();
}

TEST_F(Churn, TheRootDrainsUnderTraffic) {
  begin(30, 10, 6s);
  cluster_.run_for(1s);
  const StationId root = cluster_.closest_to("t");
  cluster_.drain(root);
  cluster_.run_for(5s);
  EXPECT_FALSE(cluster_.running(root));
  expect_gaps_at_most(20);
  expect_healed();
}

TEST_F(Churn, AnInteriorBrokerDrainsUnderTraffic) {
  begin(100, 100, 5s);
  cluster_.run_for(1s);
  const auto all = cluster_.running();
  const auto busiest = *std::ranges::max_element(
      all, {}, [&](StationId id) { return id == cluster_.closest_to("t") ? 0 : children_of(id); });
  ASSERT_GT(children_of(busiest), 0u);
  cluster_.drain(busiest);
  cluster_.run_for(5s);
  expect_healed();
}

TEST_F(Churn, BystandersThatCrash) {
  begin(50, 10, 10s);
  for (int i = 0; i < 8; ++i) {
    cluster_.kill(cluster_.pick(bystanders()), i % 2 == 0 ? Death::kReported : Death::kSilent);
    cluster_.run_for(1200ms);
  }
  expect_healed();
  expect_nothing_left();
}

TEST_F(Churn, TheRootCrashesAgainAndAgain) {
  begin(40, 10, 12s);
  for (int i = 0; i < 4; ++i) {
    cluster_.run_for(2500ms);
    cluster_.kill(cluster_.closest_to("t"), i % 2 == 0 ? Death::kReported : Death::kSilent);
  }
  cluster_.run_for(3s);
  expect_healed();
  expect_nothing_left();
}

TEST_F(Churn, ACrashedBrokerReturnsWithItsId) {
  begin(30, 10, 12s);
  for (int i = 0; i < 4; ++i) {
    const StationId victim = cluster_.pick(cluster_.active());
    cluster_.kill(victim);
    cluster_.run_for(i < 2 ? 200ms : 3s);  // before and after its peers gave it up
    cluster_.start(victim, {cluster_.pick(cluster_.active())});
    cluster_.run_for(2s);
  }
  expect_healed();
}

TEST_F(Churn, AThirdOfAllBrokersCrashAtOnce) {
  begin(48, 12, 8s);
  cluster_.run_for(1s);
  for (StationId id = 0; id < 48; id += 3) cluster_.kill(id);
  cluster_.run_for(7s);
  expect_healed();
  expect_nothing_left();
}

TEST_F(Churn, APausedBrokerIsTakenBackWhenItWakes) {
  begin(20, 10, 12s);
  cluster_.run_for(1s);
  const StationId root = cluster_.closest_to("t");
  cluster_.pause(root);
  cluster_.run_for(5s);
  cluster_.resume(root);
  cluster_.run_for(5s);
  expect_healed();
}

TEST_F(Churn, APartitionHeals) {
  begin(30, 12, 20s);
  cluster_.run_for(1s);
  for (StationId id = 0; id < 15; ++id) cluster_.network().put_on_side(2 * id, 1);
  cluster_.run_for(8s);
  cluster_.network().mend_all();
  cluster_.run_for(15s);
  expect_healed();
  expect_nothing_left();
}

TEST_F(Churn, AllBrokersAreRestartedOneAfterTheOther) {
  begin(6, 6, 20s);
  for (StationId id = 0; id < 6; ++id) {
    cluster_.drain(id);
    ASSERT_TRUE(cluster_.run_until([&] { return !cluster_.running(id); }, 5s));
    cluster_.start(id, {(id + 1) % 6, (id + 2) % 6});
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_active(); }, 10s));
    cluster_.run_for(1s);
  }
  cluster_.run_for(20s);
  expect_healed();
  expect_nothing_left();
}

}  // namespace
}  // namespace phyllo::testing
