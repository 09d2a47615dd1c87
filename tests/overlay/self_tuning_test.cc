#include "overlay/self_tuning.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;

TEST(SelfTuning, probes_as_seldom_as_allowed_while_nobody_fails) {
  EXPECT_EQ(tuned_probe_interval(Timers::paper(), 1000, 0), Timers::paper().table_probe);
}

TEST(SelfTuning, probes_more_often_the_more_often_nodes_fail_and_the_longer_routes_are) {
  const Timers paper = Timers::paper();
  const double hourly = 1.0 / 3600;
  const Duration calm = tuned_probe_interval(paper, 10'000, hourly / 4);
  const Duration churn = tuned_probe_interval(paper, 10'000, hourly);
  const Duration large = tuned_probe_interval(paper, 10'000'000, hourly);
  EXPECT_LT(churn, calm);
  EXPECT_LT(large, churn);
  EXPECT_GT(large, paper.probe_timeout);
}

RC_GTEST_PROP(SelfTuning, stays_within_its_bounds, ()) {
  const Timers lan = Timers::lan();
  const double ring = static_cast<double>(*rc::gen::inRange(1, 1'000'000));
  const double rate = static_cast<double>(*rc::gen::inRange(0, 10'000)) / 1000.0;
  const Duration interval = tuned_probe_interval(lan, ring, rate);
  RC_ASSERT(interval <= lan.table_probe);
  RC_ASSERT(interval >= lan.probe_timeout * lan.probe_attempts - 1us);
}

TEST(SelfTuning, estimates_the_size_of_the_ring_from_the_density_of_the_leaf_set) {
  Random random(5);
  std::set<NodeId> ring;
  while (ring.size() < 5000) ring.insert(NodeId::random(random));
  double sum = 0;
  int owners = 0;
  for (auto it = ring.begin(); owners < 100; std::advance(it, 40), ++owners) {
    LeafSet leaves(*it, 16);
    for (const NodeId id : ring) leaves.insert(contact_of(id));
    sum += estimate_ring_size(leaves);
  }
  EXPECT_NEAR(sum / owners, 5000, 1000);
}

TEST(SelfTuning, counts_the_ring_where_it_knows_all_of_it) {
  LeafSet leaves(at(0), 16);
  EXPECT_EQ(estimate_ring_size(leaves), 1);
  for (std::uint8_t i = 1; i <= 10; ++i) leaves.insert(contact_at(i));
  EXPECT_EQ(estimate_ring_size(leaves), 11);
}

TEST(FailureRate, is_failures_by_time_and_watched_nodes) {
  const Time start{};
  FailureRate rate(start);
  EXPECT_EQ(rate.per_second(start + 10s, 50), 0);
  rate.failed(start + 2s);
  rate.failed(start + 4s);
  EXPECT_DOUBLE_EQ(rate.per_second(start + 10s, 20), 2.0 / 10 / 20);
  EXPECT_EQ(rate.per_second(start + 10s, 0), 0);
  EXPECT_EQ(rate.since(start + 3s), 1u);
}

TEST(FailureRate, forgets_old_times) {
  const Time start{};
  FailureRate rate(start);
  for (int i = 0; i < 1000; ++i) rate.failed(start + i * 1s);
  EXPECT_NEAR(rate.per_second(start + 1000s, 1), 1.0, 0.1);
}

}  // namespace
}  // namespace phyllo::overlay
