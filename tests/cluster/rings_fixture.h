#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/cluster/cluster.h"
#include "sim/network/region_matrix.h"
#include "sim/oracle/cluster_oracle.h"
#include "tests/support/seeds.h"

namespace phyllo::testing {

using namespace sim;  // the clusters under test

/// Half a millisecond inside a region, 80 to 160 ms between two.
inline RegionTable three_regions() {
  using std::chrono::milliseconds;
  const Duration inside = std::chrono::microseconds(500);
  return {.names = {"ap", "eu", "us"},
          .round_trip = {{inside, milliseconds(160), milliseconds(140)},
                         {milliseconds(160), inside, milliseconds(80)},
                         {milliseconds(140), milliseconds(80), inside}},
          .price_per_gb = {}};
}

/// The same regions, all of them equally far from each other.
inline RegionTable three_regions(Duration between) {
  RegionTable regions = three_regions();
  for (std::size_t from = 0; from < 3; ++from) {
    for (std::size_t to = 0; to < 3; ++to) {
      if (from != to) regions.round_trip[from][to] = between;
    }
  }
  return regions;
}

/// The brokers know the table when it has prices.
inline broker::BrokerConfig regional_config(const RegionTable& regions = three_regions()) {
  broker::BrokerConfig config;
  config.regions = regions.names;
  config.drain_grace = std::chrono::milliseconds(500);
  if (regions.price_per_gb.empty()) return config;
  config.region_table = regions::RegionTable(regions.names);
  for (std::size_t from = 0; from < regions.names.size(); ++from) {
    for (std::size_t to = 0; to < regions.names.size(); ++to) {
      if (from == to) continue;
      config.region_table.border(from, to) = {.price_per_gb = regions.price_per_gb[from][to],
                                              .delay = regions.round_trip[from][to] / 2};
    }
  }
  return config;
}

/// Brokers in three regions, each with a ring of its own.
class RegionalRings : public ::testing::Test {
 protected:
  explicit RegionalRings(std::uint64_t seed = seed_or(1), RegionTable regions = three_regions())
      : RegionalRings(seed, regions, regional_config(regions)) {}
  RegionalRings(std::uint64_t seed, const RegionTable& regions, broker::BrokerConfig config)
      : cluster_({.seed = seed, .broker = std::move(config), .latency = [regions] {
                    return std::make_unique<RegionMatrix>(regions);
                  }}) {
    RecordProperty("seed", std::to_string(seed));
  }

  /// `count` brokers in each region, region by region, none of them started.
  void add_brokers(std::size_t count) {
    for (const std::string& region : cluster_.setup().broker.regions) {
      for (std::size_t i = 0; i < count; ++i) cluster_.add(region);
    }
  }
  /// All at once.
  void start_all(const std::vector<StationId>& seeds) {
    for (StationId id = 0; id < cluster_.size(); ++id) cluster_.start(id, seeds);
  }
  std::vector<StationId> in(const std::string& region) const {
    std::vector<StationId> found;
    for (StationId id = 0; id < cluster_.size(); ++id) {
      if (cluster_.region(id) == region) found.push_back(id);
    }
    return found;
  }
  const broker::Rings& rings(StationId id) const { return cluster_.broker(id).rings(); }
  /// Whether all rings are exact in time.
  ::testing::AssertionResult whole_within(Duration limit) {
    Findings last;
    const auto whole = [&] {
      last = check_leaf_sets(cluster_);
      return last.empty();
    };
    if (!cluster_.run_until(whole, limit)) {
      return ::testing::AssertionFailure() << ::testing::PrintToString(last);
    }
    last = check_ring(cluster_);
    if (last.empty()) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << ::testing::PrintToString(last);
  }
  /// Two programs in each region publish and subscribe there.
  void programs_in_each_region() {
    for (const std::string& region : cluster_.setup().broker.regions) {
      for (const StationId id : in(region)) {
        Program& program = cluster_.program(id);
        program.subscribe("news/" + region);
        if (id % 2 == 0) program.publish("news/" + region);
      }
    }
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
  }
  /// How many messages its subscriptions heard.
  static std::size_t messages(const Program& program) {
    std::size_t count = 0;
    for (const Listening* listening : program.listenings()) {
      for (const auto& item : listening->heard) {
        const auto* batch = std::get_if<multicast::StreamBatch>(&item);
        if (batch != nullptr) count += batch->batch.count;
      }
    }
    return count;
  }

  static constexpr Duration kLong = std::chrono::seconds(60);
  Cluster cluster_;
};

}  // namespace phyllo::testing
