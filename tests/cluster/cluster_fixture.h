#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "sim/cluster/cluster.h"
#include "tests/support/seeds.h"

namespace phyllo::testing {

using namespace sim;  // the rings and clusters under test

inline broker::BrokerConfig lan_config() {
  broker::BrokerConfig config;
  config.drain_grace = std::chrono::milliseconds(500);
  return config;
}

/// Scenarios on a cluster of whole brokers. The seed is PHYLLO_SEED where that is set.
class ClusterTest : public ::testing::Test {
 protected:
  using Programs = std::vector<Program*>;

  explicit ClusterTest(std::uint64_t seed = seed_or(1), broker::BrokerConfig config = lan_config())
      : cluster_({.seed = seed, .broker = std::move(config)}) {
    RecordProperty("seed", std::to_string(seed));
  }

  /// One program per broker, in order.
  Programs program_at_each_broker() {
    Programs programs;
    for (const StationId id : cluster_.running()) programs.push_back(&cluster_.program(id));
    return programs;
  }
  void subscribe_all(const Programs& programs, const std::string& topic) {
    for (Program* program : programs) program->subscribe(topic);
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
  }
  /// Each program publishes on the topic every `interval`, for as long as `duration`.
  void traffic(const Programs& publishers, const std::string& topic, Duration duration,
               Duration interval) {
    for (Program* program : publishers) {
      for (Duration at = Duration::zero(); at < duration; at += interval) {
        cluster_.after(cluster_.random().around(at, 0.01),
                       [program, topic] { program->publish(topic); });
      }
    }
  }
  /// Waits until everything is acknowledged and what is under way has arrived, then looks.
  void expect_nothing_lost_silently() {
    EXPECT_TRUE(cluster_.run_until([&] { return cluster_.all_acknowledged(); }, kLong))
        << cluster_.ledger().unacknowledged_messages() << " messages were never acknowledged";
    cluster_.run_for(std::chrono::seconds(5));
    EXPECT_THAT(cluster_.ledger().complaints(), ::testing::IsEmpty())
        << cluster_.ledger().stories();
  }
  void expect_everything_delivered_everywhere(std::size_t subscribers) {
    expect_nothing_lost_silently();
    EXPECT_EQ(cluster_.ledger().gap_messages(), 0u) << cluster_.ledger().stories();
    EXPECT_EQ(cluster_.ledger().delivered_messages(),
              cluster_.ledger().published_messages() * subscribers);
  }
  /// How many brokers say that they are the root of some tree, over all trees.
  std::size_t roots() {
    std::size_t count = 0;
    for (const StationId id : cluster_.running()) {
      count += cluster_.broker(id).stats().multicast.rooted_trees;
    }
    return count;
  }
  std::size_t trees() {
    std::size_t count = 0;
    for (const StationId id : cluster_.running()) {
      count += cluster_.broker(id).stats().multicast.trees;
    }
    return count;
  }
  std::size_t children() {
    std::size_t count = 0;
    for (const StationId id : cluster_.running()) {
      count += cluster_.broker(id).stats().multicast.children;
    }
    return count;
  }
  std::string what_is_left() {
    std::string text;
    for (const StationId id : cluster_.running()) {
      const auto stats = cluster_.broker(id).stats();
      for (const auto& topic : stats.multicast.busiest) {
        text += "#" + std::to_string(id) + " " + cluster_.id(id).short_hex() + " " + topic.name +
                ": children " + std::to_string(topic.children) + ", local subscribers " +
                std::to_string(topic.local_subscribers) + " (sessions say " +
                std::to_string(stats.clients.subscriptions) + "), rooted trees " +
                std::to_string(stats.multicast.rooted_trees) + "\n";
      }
    }
    return text;
  }
  /// All programs unsubscribe; then no broker knows of any tree any longer.
  void expect_nothing_left() {
    for (const auto& program : cluster_.programs()) {
      if (program->connected()) program->unsubscribe_all();
    }
    EXPECT_TRUE(cluster_.run_until([&] { return trees() == 0; }, kLong))
        << trees() << " trees and " << children() << " children are left\n"
        << what_is_left();
    EXPECT_EQ(children(), 0u);
  }

  static constexpr Duration kLong = std::chrono::seconds(60);
  Cluster cluster_;
};

}  // namespace phyllo::testing
