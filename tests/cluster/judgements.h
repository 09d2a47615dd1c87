#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>

#include "sim/cluster/cluster.h"
#include "sim/oracle/cluster_oracle.h"
#include "sim/oracle/recovery.h"
#include "tests/support/seeds.h"

namespace phyllo::testing {

/// Rings, trees and programs are whole again in time, and nothing was lost unreported.
inline void expect_recovery(sim::Cluster& cluster) {
  const auto times = sim::RecoveryTimes::after_partition(cluster.setup().broker);
  EXPECT_THAT(check_recovery(cluster, times), ::testing::IsEmpty());
  cluster.run_for(std::chrono::seconds(5));
  EXPECT_THAT(check_publications(cluster, std::chrono::seconds(5)), ::testing::IsEmpty());
  EXPECT_THAT(check_programs(cluster), ::testing::IsEmpty());
}

/// Rounds of "subscribe, wait until that is complete, publish elsewhere": none of them loses the
/// message, which is all that anybody publishes, or gets it twice.
inline void expect_nothing_lost_after_completion(sim::Cluster& cluster, const std::string& topic,
                                                 sim::Program& writer, sim::Program& reader) {
  using std::chrono::seconds;
  const std::size_t rounds = seeds(1, 50).size();
  const std::size_t earlier = cluster.ledger().delivered_messages();
  for (std::size_t round = 0; round < rounds; ++round) {
    reader.subscribe(topic);
    ASSERT_TRUE(cluster.run_until([&] { return cluster.all_live(); }, seconds(60))) << round;
    writer.publish(topic);
    const auto heard = [&] { return cluster.ledger().delivered_messages() == earlier + round + 1; };
    ASSERT_TRUE(cluster.run_until(heard, seconds(2))) << round;
    reader.unsubscribe_all();
    cluster.run_for(std::chrono::milliseconds(cluster.random().below(300)));
  }
  EXPECT_EQ(cluster.ledger().delivered_messages(), earlier + rounds);
  EXPECT_EQ(cluster.ledger().gap_messages(), 0u);
}

}  // namespace phyllo::testing
