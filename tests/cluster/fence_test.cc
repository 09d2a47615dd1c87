// Topics that must stay inside some regions: whole brokers in five of them, of which two are
// outside, and a network that reads every frame.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "sim/cluster/cluster.h"
#include "sim/oracle/cluster_oracle.h"
#include "sim/oracle/fence_watch.h"
#include "sim/oracle/recovery.h"
#include "tests/cluster/judgements.h"
#include "tests/support/seeds.h"

namespace phyllo::testing {
namespace {

using namespace sim;
using namespace std::chrono_literals;
using ::testing::IsEmpty;

constexpr char kTopic[] = "patients/ward-7";

broker::BrokerConfig fenced_config() {
  broker::BrokerConfig config;
  config.regions = {"east", "far", "north", "oz", "west"};
  config.fence = regions::Fence(
      {{regions::TopicPattern::parse("patients/#").value(), {"east", "north", "west"}}});
  config.drain_grace = 500ms;
  return config;
}

class FencedTopics : public ::testing::Test {
 protected:
  explicit FencedTopics(std::uint64_t seed = seed_or(1),
                        broker::BrokerConfig config = fenced_config())
      : cluster_({.seed = seed, .broker = std::move(config)}) {
    RecordProperty("seed", std::to_string(seed));
    cluster_.network().trace().watch(
        [this](const NetworkTrace::Record& record) { watch_.saw(record); });
  }
  void SetUp() override {
    for (const std::string& region : cluster_.setup().broker.regions) {
      for (int i = 0; i < 3; ++i) cluster_.add(region);
    }
    // Of all brokers this one is the closest to the topic.
    cluster_.add_with_id(overlay::NodeId(key().value() + 5), "oz");
    for (StationId id = 0; id < cluster_.size(); ++id) cluster_.start(id, {0, 3, 6});
    const auto whole = [&] { return check_leaf_sets(cluster_).empty(); };
    ASSERT_TRUE(cluster_.run_until(whole, 60s));
    cluster_.run_for(3s);
  }
  void TearDown() override {
    if (!strays_) {
      EXPECT_THAT(watch_.findings(), IsEmpty());
    }
    cluster_.network().trace().watch({});
  }

  static overlay::Key key() {
    return multicast::TopicId::of(TopicName::parse(kTopic).value()).key();
  }
  std::vector<StationId> in(const std::string& region) const {
    std::vector<StationId> found = cluster_.running();
    std::erase_if(found, [&](StationId id) { return cluster_.region(id) != region; });
    return found;
  }
  StationId root_in(const std::string& region) const {
    return cluster_.closest_to(kTopic, in(region));
  }
  static std::vector<std::string> inside() {
    return fenced_config().fence.enclosure(TopicName::parse(kTopic).value())->regions;
  }
  Program& reader_at(StationId broker) {
    Program& program = cluster_.program(broker);
    program.subscribe(kTopic);
    return program;
  }
  bool all_live() {
    return cluster_.run_until([&] { return cluster_.all_live(); }, 60s);
  }
  void publish_for(Duration time, const std::vector<Program*>& writers) {
    for (Duration passed{}; passed < time; passed += 50ms) {
      for (Program* writer : writers) writer->publish(kTopic);
      cluster_.run_for(50ms);
    }
  }
  /// Who keeps the topic's roll.
  std::vector<StationId> keepers() const {
    std::vector<StationId> keepers;
    for (const StationId id : cluster_.running()) {
      const auto stats = cluster_.broker(id).stats().borders;
      if (stats && stats->rolls > 0) keepers.push_back(id);
    }
    return keepers;
  }

  Cluster cluster_;
  FenceWatch watch_{cluster_, {kTopic}};
  bool strays_ = false;  ///< somebody sends it out
};

TEST_F(FencedTopics, HaveTheirRendezvousInsideThoughSomebodyOutsideIsCloser) {
  reader_at(in(inside()[1])[0]);
  reader_at(in(inside()[2])[0]);
  Program& writer = cluster_.program(in(inside()[1])[1]);
  ASSERT_TRUE(all_live());
  publish_for(2s, {&writer});
  EXPECT_THAT(keepers(), ::testing::ElementsAre(root_in(inside()[0])));
  EXPECT_GT(watch_.between(kTopic, inside()[1], inside()[2]).bytes, 0u);
  EXPECT_EQ(watch_.between(kTopic, inside()[1], "oz"), FenceWatch::Count{});
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u);
}

TEST_F(FencedTopics, LoseNothingAfterASubscriptionIsComplete) {
  Program& writer = cluster_.program(in(inside()[1])[0]);
  Program& reader = cluster_.program(in(inside()[2])[0]);
  expect_nothing_lost_after_completion(cluster_, kTopic, writer, reader);
}

TEST_F(FencedTopics, AreShownAndCastInsideOnly) {
  std::vector<Program*> workers;
  for (const std::string& region : inside()) {
    workers.push_back(&cluster_.program(in(region)[0]));
    workers.back()->subscribe({.topic = kTopic, .casts = Program::Casting::kTakes});
  }
  ASSERT_TRUE(all_live());
  publish_for(1s, {workers[0]});
  for (const std::string& region : inside()) {
    Program& asker = cluster_.program(in(region)[1]);
    asker.ask_tree(kTopic);
    asker.cast(kTopic, 5, "for " + region);
    cluster_.run_for(10s);
    ASSERT_EQ(asker.answers().size(), 1u);
    const auto& tree = std::get<broker::client::TreeAnswer>(asker.answers()[0].what);
    EXPECT_TRUE(tree.complete);
    EXPECT_EQ(tree.regions.size(), 3u);
    ASSERT_EQ(asker.casts_done().size(), 1u);
    EXPECT_EQ(asker.casts_done()[0].taken, 3u);
    EXPECT_TRUE(asker.casts_done()[0].complete);
  }
  Program& stranger = cluster_.program(in("far")[0]);
  stranger.ask_tree(kTopic);
  stranger.cast(kTopic, 1, "not for you");
  cluster_.run_for(5s);
  EXPECT_EQ(stranger.refusals().size(), 2u);
  EXPECT_TRUE(stranger.answers().empty());
  EXPECT_TRUE(stranger.casts_done().empty());
}

/// Writers in two regions, readers in all three, while something happens.
class FencedTopicsInTrouble : public FencedTopics {
 protected:
  void SetUp() override {
    FencedTopics::SetUp();
    for (const std::string& region : inside()) {
      for (const StationId id : in(region)) reader_at(id);
    }
    writers_ = {&cluster_.program(in(inside()[1])[0]), &cluster_.program(in(inside()[2])[0])};
    ASSERT_TRUE(all_live());
    publish_for(2s, writers_);
  }
  void go_on(Duration time) { publish_for(time, writers_); }

  std::vector<Program*> writers_;
};

TEST_F(FencedTopicsInTrouble, StayInsideWhenTheirRootsDie) {
  cluster_.kill(root_in(inside()[1]), Death::kSilent);
  go_on(5s);
  cluster_.kill(root_in(inside()[2]), Death::kSilent);
  go_on(10s);
  expect_recovery(cluster_);
}

TEST_F(FencedTopicsInTrouble, StayInsideWhenTheirRendezvousDies) {
  cluster_.kill(root_in(inside()[0]), Death::kSilent);
  go_on(20s);
  expect_recovery(cluster_);
}

TEST_F(FencedTopicsInTrouble, StayInsideWhenTheRegionOfTheRendezvousDiesAndReturns) {
  const auto region = in(inside()[0]);
  for (const StationId id : region) cluster_.kill(id, Death::kSilent);
  go_on(40s);
  for (const StationId id : keepers()) EXPECT_EQ(cluster_.region(id), inside()[1]);
  for (const StationId id : region) cluster_.start(id, {3, 6, 9, 12});
  go_on(20s);
  expect_recovery(cluster_);
}

TEST_F(FencedTopicsInTrouble, StayInsideWhenTheRegionOfTheRendezvousIsCutOffAndComesBack) {
  const auto group = cluster_.network().cut_off(in(inside()[0]), Cut::kBothWays);
  ASSERT_TRUE(group.has_value());
  go_on(30s);
  cluster_.network().rejoin(*group);
  go_on(10s);
  expect_recovery(cluster_);
}

TEST_F(FencedTopicsInTrouble, StayInsideWhenCloserBrokersJoinOrLeave) {
  const StationId outside = cluster_.add_with_id(overlay::NodeId(key().value() + 1), "far");
  cluster_.start(outside, {0});
  go_on(5s);
  const StationId closer = cluster_.add_with_id(overlay::NodeId(key().value() + 2), inside()[0]);
  cluster_.start(closer, {0});
  go_on(15s);
  EXPECT_EQ(root_in(inside()[0]), closer);
  cluster_.drain(closer);
  go_on(10s);
  expect_recovery(cluster_);
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u) << cluster_.ledger().stories();
}

TEST_F(FencedTopicsInTrouble, AreRefusedOutside) {
  Program& stranger = cluster_.program(in("far")[0]);
  stranger.subscribe(kTopic);
  stranger.publish(kTopic);
  cluster_.run_for(1s);
  ASSERT_EQ(stranger.refusals().size(), 1u);
  ASSERT_EQ(stranger.publish_errors().size(), 1u);
  EXPECT_TRUE(watch_.findings().empty());
}

/// What brokers sent and heard, by their own meters, where relays outside would be the cheapest.
class MeteredFence : public FencedTopics {
 protected:
  static constexpr char kFree[] = "news";

  MeteredFence() : FencedTopics(seed_or(1), config()) {}
  /// From and to `oz` a copy costs next to nothing.
  static broker::BrokerConfig config() {
    broker::BrokerConfig config = fenced_config();
    config.region_table = regions::RegionTable(config.regions);
    for (std::size_t from = 0; from < config.regions.size(); ++from) {
      for (std::size_t to = 0; to < config.regions.size(); ++to) {
        const bool cheap = config.regions[from] == "oz" || config.regions[to] == "oz";
        config.region_table.border(from, to) = {.price_per_gb = cheap ? 0.1 : 9, .delay = 10ms};
      }
    }
    return config;
  }
  void publish(const char* topic, int count) {
    for (const std::string& region : inside()) cluster_.program(in(region)[1]).subscribe(topic);
    ASSERT_TRUE(all_live());
    Program& writer = cluster_.program(in(inside()[1])[0]);
    for (int i = 0; i < count; ++i) {
      writer.publish(topic);
      cluster_.run_for(20ms);
    }
    cluster_.run_for(3s);
  }
  /// Messages with a body over the borders of one region, by all who sent or heard them.
  std::uint64_t data_at(const std::string& region) {
    std::uint64_t bytes = 0;
    for (const StationId id : cluster_.running()) {
      for (const auto& border : cluster_.broker(id).border_stats(cluster_.now())) {
        if (border.from == region || border.to == region) bytes += border.count.volume.data_bytes;
      }
    }
    return bytes;
  }
  /// Of one topic, with all words about it.
  std::uint64_t sent_to(const std::string& region, const std::string& topic) {
    std::uint64_t bytes = 0;
    for (const StationId id : cluster_.running()) {
      for (const auto& each : cluster_.broker(id).border_topics()) {
        if (each.to == region && each.topic == topic) bytes += each.bytes;
      }
    }
    return bytes;
  }
};

TEST_F(MeteredFence, CountsNotOneByteOutside) {
  publish(kTopic, 100);
  EXPECT_GT(sent_to(inside()[0], kTopic), 100u);
  for (const char* outside : {"oz", "far"}) {
    EXPECT_EQ(data_at(outside), 0u) << outside;
    EXPECT_EQ(sent_to(outside, kTopic), 0u) << outside;
  }
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u);
}

TEST_F(MeteredFence, CountsWhatPassesThereOfAFreeTopic) {
  publish(kFree, 100);
  EXPECT_GT(data_at("oz"), 100u);
  EXPECT_GT(sent_to("oz", kFree), 100u);
}

TEST_F(MeteredFence, HoldsNothingWhereBrokersHaveRulesThoughTheOthersHaveNone) {
  // Those inside forget their rules; those outside keep them.
  for (const std::string& region : inside()) {
    for (const StationId id : in(region)) {
      cluster_.kill(id);
      cluster_.rule(id, {});
    }
  }
  cluster_.run_for(20s);
  std::vector<StationId> all;
  for (StationId id = 0; id < cluster_.size(); ++id) all.push_back(id);
  for (const StationId id : all) {
    if (!cluster_.running(id)) cluster_.start(id, {3, 15});
  }
  cluster_.run_for(30s);
  for (const std::string& region : inside()) cluster_.program(in(region)[1]).subscribe(kTopic);
  Program& writer = cluster_.program(in(inside()[1])[0]);
  for (int i = 0; i < 100; ++i) {
    writer.publish(kTopic);
    cluster_.run_for(50ms);
  }
  std::uint64_t kept = 0;
  for (const StationId id : in("oz")) {
    const auto stats = cluster_.broker(id).stats();
    EXPECT_EQ(stats.borders->relayed_batches, 0u);
    EXPECT_EQ(stats.borders->rolls, 0u);
    EXPECT_EQ(stats.multicast.trees, 0u);
    kept += stats.borders->fenced_off;
    for (const auto& each : cluster_.broker(id).border_topics()) EXPECT_EQ(each.bytes, 0u);
  }
  EXPECT_GT(kept, 0u);
  strays_ = true;
}

/// Some brokers have rules that keep the topic out of their region, and the rest has none.
class TopicsThatAFewHaveFenced : public ::testing::Test {
 protected:
  TopicsThatAFewHaveFenced() : cluster_({.seed = seed_or(1), .broker = open_config()}) {
    RecordProperty("seed", std::to_string(seed_or(1)));
  }
  static broker::BrokerConfig open_config() {
    broker::BrokerConfig config = fenced_config();
    config.fence = {};
    return config;
  }
  void start() {
    for (StationId id = 0; id < cluster_.size(); ++id) cluster_.start(id, {0, 1});
    const auto whole = [&] { return check_leaf_sets(cluster_).empty(); };
    ASSERT_TRUE(cluster_.run_until(whole, 60s));
    cluster_.run_for(3s);
  }
  static regions::Fence only(const std::string& region) {
    return regions::Fence({{regions::TopicPattern::parse("patients/#").value(), {region}}});
  }
  void publish(Program& writer) {
    for (int i = 0; i < 20; ++i) {
      writer.publish(kTopic);
      cluster_.run_for(50ms);
    }
  }
  std::uint64_t refused(StationId id) const {
    const auto stats = cluster_.broker(id).stats();
    return stats.multicast.refused_topics + (stats.borders ? stats.borders->fenced_off : 0);
  }

  Cluster cluster_;
};

TEST_F(TopicsThatAFewHaveFenced, HaveNoTreeThereAndOthersMakeOneRoundIt) {
  for (int i = 0; i < 12; ++i) cluster_.add(i % 2 == 0 ? "east" : "west");
  std::vector<StationId> east{0, 2, 4, 6, 8, 10};
  const StationId root = cluster_.closest_to(kTopic, east);
  const StationId strict = east[root == east[3] ? 4 : 3];
  cluster_.rule(strict, only("west"));
  start();
  for (const StationId id : east) {
    if (id != strict) cluster_.program(id).subscribe(kTopic);
  }
  ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, 60s))
      << "the others make a tree round it";
  Program& writer = cluster_.program(1);
  publish(writer);
  cluster_.run_for(2s);
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u);
  EXPECT_EQ(cluster_.broker(strict).stats().multicast.trees, 0u);
}

TEST_F(TopicsThatAFewHaveFenced, AreRefusedByTheirRootThere) {
  for (int i = 0; i < 8; ++i) cluster_.add(i % 2 == 0 ? "east" : "west");
  const StationId strict = cluster_.closest_to(kTopic, {0, 2, 4, 6});
  cluster_.rule(strict, only("west"));
  start();
  const StationId other = strict == 0 ? 2 : 0;
  Program& reader = cluster_.program(other);
  reader.subscribe(kTopic);
  reader.publish(kTopic);
  Program& writer = cluster_.program(1);
  publish(writer);
  cluster_.run_for(10s);
  EXPECT_EQ(reader.refusals().size(), 1u);
  EXPECT_EQ(cluster_.broker(strict).stats().multicast.trees, 0u);
  EXPECT_EQ(cluster_.broker(strict).stats().multicast.rooted_messages, 0u);
  EXPECT_GT(refused(strict), 0u);
}

}  // namespace
}  // namespace phyllo::testing
