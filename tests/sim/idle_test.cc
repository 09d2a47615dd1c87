// What the rings of idle brokers send over the borders of their regions.

#include "sim/experiment/idle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/cluster/border_traffic.h"
#include "tests/support/seeds.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

class Unseen final : public Progress {
 public:
  void update(const Advance&) override {}
};

Report run(IdleSetup setup) {
  setup.runs = {{testing::seed_or(1)}, 1};
  EXPECT_TRUE(check(setup).ok());
  Unseen progress;
  return run_idle(setup, progress);
}

double cell(const Report& report, std::size_t column) {
  return std::get<double>(report.tables.at(0).rows.at(0).at(column));
}

TEST(Idle, BrokersSendLessThanAKilobyteASecondOverBorders) {
  for (const std::size_t regions : {3, 10}) {
    const Report report = run({.regions = {regions}, .brokers = 6, .rest = 2min, .measured = 5min});
    EXPECT_THAT(report.violations, IsEmpty());
    EXPECT_LT(cell(report, 4), 1000) << "bytes a second, " << regions << " regions";
    EXPECT_GT(cell(report, 3), 50) << "rings of several regions cannot be whole for nothing";
    EXPECT_GE(cell(report, 4), cell(report, 3)) << "the busiest sends no less than the average";
  }
}

/// So that the limit is one: with the timers of a data centre brokers do not keep to it.
TEST(Idle, WouldBreakTheLimitWithTheTimersOfADataCentre) {
  const Report report = run({.global_ring = overlay::Timers::lan(),
                             .regions = {3},
                             .brokers = 5,
                             .rest = 1min,
                             .measured = 2min});
  EXPECT_FALSE(report.violations.empty());
}

TEST(BorderTraffic, CountsFramesToOtherRegionsWithTheirOverhead) {
  Cluster cluster({.seed = 3});
  const StationId here = cluster.add("here");
  const StationId neighbour = cluster.add("here");
  const StationId far = cluster.add("far");
  cluster.start(here, {});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.all_active(); }, 10s));
  const BorderTraffic traffic(cluster);
  cluster.start(neighbour, {here});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.all_active(); }, 10s));
  EXPECT_GT(cluster.network().messages_sent(), 0u);
  EXPECT_EQ(traffic.bytes(), 0u);
  const std::uint64_t before = cluster.network().messages_sent();
  cluster.start(far, {here});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.all_active(); }, 10s));
  EXPECT_GT(traffic.frames(), 0u);
  EXPECT_LE(traffic.frames(), cluster.network().messages_sent() - before);
  EXPECT_GT(traffic.bytes(), traffic.frames() * kFrameOverhead);
  EXPECT_LT(traffic.most_bytes(), traffic.bytes()) << "both sides speak";
}

}  // namespace
}  // namespace phyllo::sim
