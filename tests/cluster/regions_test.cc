// Topics across regions: whole brokers in three of them, and a network that counts what crosses.

#include <algorithm>
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

class TopicsAcrossRegions : public RegionalRings {
 protected:
  void SetUp() override {
    add_brokers(3);
    start_all({0, 3, 6});
    ASSERT_TRUE(whole_within(60s));
    cluster_.run_for(3s);
  }

  StationId some(const std::string& region, std::size_t which = 0) const {
    return in(region)[which];
  }
  /// The root of the topic's tree in the region.
  StationId root_in(const std::string& region) const {
    std::vector<StationId> running = in(region);
    std::erase_if(running, [&](StationId id) { return !cluster_.running(id); });
    return cluster_.closest_to(kTopic, running);
  }
  /// A broker of the region that is nothing special to the topic.
  StationId plain_in(const std::string& region) const {
    std::vector<StationId> brokers = in(region);
    std::erase(brokers, root_in(region));
    std::erase(brokers, cluster_.closest_to(kTopic));
    return brokers.front();
  }
  Program& reader_at(StationId broker) {
    Program& program = cluster_.program(broker);
    program.subscribe(kTopic);
    return program;
  }
  bool all_live() {
    return cluster_.run_until([&] { return cluster_.all_live(); }, kLong);
  }
  void publish(Program& program, int count, Duration every = 20ms) {
    for (int i = 0; i < count; ++i) {
      program.publish(kTopic);
      cluster_.run_for(every);
    }
  }
};

TEST_F(TopicsAcrossRegions, EachBatchCrossesOnceToEachRegionThatWantsIt) {
  Program& writer = cluster_.program(some("eu"));
  Program& near = reader_at(some("us", 0));
  Program& beside = reader_at(some("us", 1));
  Program& same = reader_at(some("us", 1));
  ASSERT_TRUE(all_live());
  BorderTraffic traffic(cluster_);
  publish(writer, 100);
  cluster_.run_for(2s);
  EXPECT_EQ(traffic.batches("eu", "us"), 100u);
  EXPECT_EQ(traffic.batches(), 100u) << "and nowhere else";
  for (const Program* reader : {&near, &beside, &same}) EXPECT_EQ(messages(*reader), 100u);
  EXPECT_THAT(cluster_.ledger().complaints(), IsEmpty());
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u);
}

TEST_F(TopicsAcrossRegions, WhatIsUsedInOneRegionStaysThere) {
  Program& writer = cluster_.program(some("eu", 0));
  Program& reader = reader_at(some("eu", 1));
  ASSERT_TRUE(all_live());
  BorderTraffic traffic(cluster_);
  Time slowest{};
  for (int i = 0; i < 50; ++i) {
    const std::size_t before = messages(reader);
    const Time start = cluster_.now();
    writer.publish(kTopic);
    ASSERT_TRUE(cluster_.run_until([&] { return messages(reader) > before; }, 1s));
    slowest = std::max(slowest, Time{} + (cluster_.now() - start));
  }
  cluster_.run_for(10s);
  EXPECT_EQ(traffic.batches(), 0u);
  EXPECT_LT(slowest, Time{} + 20ms) << "no border is 20 ms short";
}

TEST_F(TopicsAcrossRegions, AnInterestThatEndsIsForgottenWithinSeconds) {
  Program& writer = cluster_.program(some("eu"));
  Program& reader = reader_at(some("us"));
  ASSERT_TRUE(all_live());
  publish(writer, 10);
  reader.unsubscribe_all();
  cluster_.run_for(2s);
  BorderTraffic traffic(cluster_);
  publish(writer, 50);
  cluster_.run_for(2s);
  EXPECT_EQ(traffic.batches(), 0u);
}

TEST_F(TopicsAcrossRegions, NothingIsLostAfterASubscriptionIsComplete) {
  Program& writer = cluster_.program(some("eu"));
  Program& reader = cluster_.program(some("us"));
  expect_nothing_lost_after_completion(cluster_, kTopic, writer, reader);
}

/// Readers in two regions, writers in two, and something happens while they are at it.
class RegionsInTrouble : public TopicsAcrossRegions {
 protected:
  void SetUp() override {
    TopicsAcrossRegions::SetUp();
    writer_ = &cluster_.program(plain_in("eu"));
    other_ = &cluster_.program(plain_in("ap"));
    reader_at(plain_in("us"));
    reader_at(plain_in("eu"));
    ASSERT_TRUE(all_live());
    publish_for(1s);
  }
  void publish_for(Duration time) {
    for (Duration passed{}; passed < time; passed += 50ms) {
      writer_->publish(kTopic);
      other_->publish(kTopic);
      cluster_.run_for(50ms);
    }
  }

  Program* writer_ = nullptr;
  Program* other_ = nullptr;
};

TEST_F(RegionsInTrouble, ThePublishingRegionsRootDies) {
  cluster_.kill(root_in("eu"), Death::kSilent);
  publish_for(10s);
  expect_recovery(cluster_);
}

TEST_F(RegionsInTrouble, TheReadingRegionsRootDies) {
  cluster_.kill(root_in("us"), Death::kSilent);
  publish_for(10s);
  expect_recovery(cluster_);
}

TEST_F(RegionsInTrouble, WhatTheReadingRegionsRootTookWithItIsSentAgain) {
  const StationId root = root_in("us");
  BorderTraffic traffic(cluster_);
  // It takes what comes in, and nobody in its region hears of it.
  for (const StationId id : in("us")) {
    if (id != root) cluster_.network().clog(root, id);
  }
  publish_for(500ms);
  EXPECT_GT(traffic.batches("eu", "us"), 5u);
  cluster_.run_for(200ms);
  cluster_.kill(root, Death::kSilent);
  publish_for(10s);
  expect_recovery(cluster_);
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u) << cluster_.ledger().stories();
}

TEST_F(RegionsInTrouble, ARootThatIsDrainedLeavesNothingToBeSentAgain) {
  // The rendezvous, too, hears of it at once.
  const auto key = multicast::TopicId::of(TopicName::parse(kTopic).value()).key();
  const StationId root = cluster_.add_with_id(overlay::NodeId(key.value()), "us");
  cluster_.start(root, {0});
  publish_for(15s);
  ASSERT_EQ(root_in("us"), root);
  BorderTraffic traffic(cluster_);
  publish_for(1s);
  cluster_.drain(root);
  publish_for(5s);
  cluster_.run_for(2s);
  EXPECT_GE(traffic.batches("eu", "us"), 120u);
  EXPECT_LE(traffic.batches("eu", "us"), 122u) << "but what was under way";
}

TEST_F(RegionsInTrouble, TheRendezvousDies) {
  cluster_.kill(cluster_.closest_to(kTopic), Death::kSilent);
  publish_for(10s);
  expect_recovery(cluster_);
}

TEST_F(RegionsInTrouble, SubscriptionsAreCompleteSoonAfterTheRendezvousDied) {
  const StationId rendezvous = cluster_.closest_to(kTopic);
  const std::string region = cluster_.region(rendezvous);
  const StationId near = plain_in(region);
  const StationId far = plain_in(region == "ap" ? "eu" : "ap");
  cluster_.kill(rendezvous, Death::kSilent);
  for (const StationId id : {near, far}) reader_at(id);
  // Long before nobody can rely on what it said.
  ASSERT_GE(cluster_.setup().broker.borders.lease, 12s);
  EXPECT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, 4s));
  publish_for(10s);
  expect_recovery(cluster_);
}

TEST_F(RegionsInTrouble, ARootIsDrained) {
  cluster_.drain(root_in("us"));
  publish_for(3s);
  cluster_.drain(root_in("eu"));
  publish_for(10s);
  expect_recovery(cluster_);
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u) << cluster_.ledger().stories();
}

TEST_F(RegionsInTrouble, ACloserRootJoins) {
  const auto key = multicast::TopicId::of(TopicName::parse(kTopic).value()).key();
  const StationId us = cluster_.add_with_id(overlay::NodeId(key.value() + 1), "us");
  cluster_.start(us, {0});
  publish_for(10s);
  const StationId eu = cluster_.add_with_id(overlay::NodeId(key.value()), "eu");
  cluster_.start(eu, {0});
  publish_for(15s);
  EXPECT_EQ(root_in("us"), us);
  EXPECT_EQ(root_in("eu"), eu);
  expect_recovery(cluster_);
}

TEST_F(RegionsInTrouble, ARegionIsCutOffAndComesBack) {
  const auto group = cluster_.network().cut_off(in("us"), Cut::kBothWays);
  ASSERT_TRUE(group.has_value());
  publish_for(20s);
  EXPECT_TRUE(cluster_.run_until([&] { return cluster_.all_acknowledged(); }, 5s));
  cluster_.network().rejoin(*group);
  publish_for(5s);
  expect_recovery(cluster_);
}

TEST_F(RegionsInTrouble, AWholeRegionDies) {
  for (const StationId id : in("ap")) cluster_.kill(id, Death::kSilent);
  for (int i = 0; i < 200; ++i) {
    writer_->publish(kTopic);
    cluster_.run_for(50ms);
  }
  EXPECT_TRUE(cluster_.run_until([&] { return writer_->all_acknowledged(); }, 5s));
  cluster_.run_for(30s);
  EXPECT_THAT(cluster_.ledger().order_complaints(), IsEmpty());
  for (const auto& program : cluster_.programs()) {
    EXPECT_TRUE(!program->connected() || program->all_live());
  }
}

/// One that the configuration names, and nobody has deployed yet.
class ARegionWithoutBrokers : public RegionalRings {
 protected:
  void SetUp() override {
    for (const char* region : {"eu", "eu", "eu", "us", "us", "us"}) cluster_.add(region);
    start_all({0, 3});
    ASSERT_TRUE(whole_within(60s));
    cluster_.run_for(cluster_.setup().broker.borders.lease + 2s);
  }
};

TEST_F(ARegionWithoutBrokers, IsNotWaitedForWhenARendezvousDies) {
  const StationId rendezvous = cluster_.closest_to(kTopic);
  std::vector<StationId> brokers = in("eu");
  for (const StationId id : in("us")) brokers.push_back(id);
  std::erase(brokers, rendezvous);
  Program& writer = cluster_.program(brokers.front());
  writer.publish(kTopic);
  cluster_.run_for(1s);
  cluster_.kill(rendezvous, Death::kSilent);
  cluster_.program(brokers.back()).subscribe(kTopic);
  // To notice the death takes most of it.
  ASSERT_GE(cluster_.setup().broker.borders.lease, 12s);
  EXPECT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, 4s));
  for (int i = 0; i < 20; ++i) {
    writer.publish(kTopic);
    cluster_.run_for(50ms);
  }
  expect_recovery(cluster_);
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u) << cluster_.ledger().stories();
}

TEST_F(ARegionWithoutBrokers, IsServedAsSoonAsItHasOne) {
  Program& writer = cluster_.program(in("eu").front());
  writer.publish(kTopic);
  cluster_.run_for(1s);
  const StationId first = cluster_.add("ap");
  cluster_.start(first, {0});
  Program& reader = cluster_.program(first);
  reader.subscribe(kTopic);
  ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, 30s));
  for (int i = 0; i < 20; ++i) {
    writer.publish(kTopic);
    cluster_.run_for(50ms);
  }
  cluster_.run_for(1s);
  EXPECT_EQ(messages(reader), 20u);
}

}  // namespace
}  // namespace phyllo::testing
