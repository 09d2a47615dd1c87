// A broker whose line has too little room for what it passes on.

#include <algorithm>
#include <set>
#include <string>
#include <variant>

#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::Not;

class LinkRoom : public ClusterTest {
 protected:
  LinkRoom() : ClusterTest(seed_or(1), deep_trees()) {}

  static broker::BrokerConfig deep_trees() {
    auto config = lan_config();
    config.multicast.children_limit = 2;
    return config;
  }
  void SetUp() override {
    ASSERT_TRUE(cluster_.grow(10));
    subscribe_all(program_at_each_broker(), "t");
    cluster_.run_for(10s);  // the root hands its children down
    forwarder_ = forwarder_below_root();
    below_ = below(forwarder_);
    ASSERT_THAT(below_, Not(IsEmpty())) << what_is_left();
  }
  StationId root() { return cluster_.closest_to("t"); }
  std::vector<StationId> children_of(StationId id) {
    std::vector<StationId> children;
    const auto part = cluster_.broker(id).forest().part_in(TopicName::parse("t").value());
    if (!part) return children;
    for (const auto& child : part->children) children.push_back(*cluster_.station_of(child));
    return children;
  }
  std::set<StationId> below(StationId id) {
    std::set<StationId> all;
    for (const StationId child : children_of(id)) {
      all.insert(child);
      all.merge(below(child));
    }
    return all;
  }
  StationId forwarder_below_root() {
    return std::ranges::max(children_of(root()), {},
                            [this](StationId id) { return children_of(id).size(); });
  }
  /// Bursts from the root's own broker, each far more than the narrow line takes at once, with
  /// pauses in which it can send what waits.
  void publish_bursts() {
    Program& publisher = cluster_.program(root());
    cluster_.run_for(100ms);
    for (int burst = 0; burst < 25; ++burst) {
      for (int batch = 0; batch < 10; ++batch) publisher.publish("t", 500);
      cluster_.run_for(200ms);
    }
  }
  static std::uint64_t messages_of(const Listening& listening) {
    std::uint64_t sum = 0;
    for (const auto& item : listening.heard) {
      const auto* batch = std::get_if<multicast::StreamBatch>(&item);
      if (batch != nullptr) sum += batch->batch.count;
    }
    return sum;
  }
  /// In the stream's numbers. That some of a publisher's are missing may be said on top of it.
  static std::vector<multicast::Gap> gaps_of(const Listening& listening) {
    std::vector<multicast::Gap> gaps;
    for (const auto& item : listening.heard) {
      const auto* gap = std::get_if<multicast::Gap>(&item);
      if (gap != nullptr && gap->publisher == 0) gaps.push_back(*gap);
    }
    return gaps;
  }

  StationId forwarder_{};
  std::set<StationId> below_;
};

TEST_F(LinkRoom, WhatANarrowLineDropsIsAGapBelowItAndNobodyElseFeelsIt) {
  cluster_.network().set_up_link(forwarder_,
                                 {.bytes_per_second = 2'000'000, .queue_bytes = 20'000});
  publish_bursts();
  cluster_.network().set_up_link(forwarder_, {});
  Program& publisher = cluster_.program(root());
  cluster_.run_for(100ms);
  publisher.publish("t");
  expect_nothing_lost_silently();
  EXPECT_GT(cluster_.broker(forwarder_).stats().peer_link_drops, 0u);

  const std::uint64_t published = cluster_.ledger().published_messages();
  for (const auto& program : cluster_.programs()) {
    for (const Listening* listening : program->listenings()) {
      const auto gaps = gaps_of(*listening);
      if (!below_.contains(program->broker())) {
        EXPECT_EQ(messages_of(*listening), published) << listening->who;
        EXPECT_THAT(gaps, IsEmpty()) << listening->who;
        continue;
      }
      std::uint64_t lost = 0;
      for (const auto& gap : gaps) {
        lost += gap.last - gap.first + 1;
        EXPECT_EQ(gap.why, multicast::Gap::Why::kQueueLimit);
        EXPECT_EQ(gap.where, cluster_.id(forwarder_));
      }
      EXPECT_GT(lost, 0u) << listening->who;
      EXPECT_EQ(messages_of(*listening) + lost, published) << listening->who;
    }
  }
}

}  // namespace
}  // namespace phyllo::testing
