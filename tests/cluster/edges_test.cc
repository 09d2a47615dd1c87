// Programs that are slow, that lose their broker, that hang or that misbehave, on a live cluster.

#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using broker::SlowPolicy;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace client = broker::client;

class Edges : public ClusterTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(cluster_.grow(10));
    publisher_ = &cluster_.program(0);
    fast_ = &cluster_.program(5);
    fast_->subscribe("t");
    ASSERT_TRUE(cluster_.run_until([&] { return fast_->all_live(); }, 10s));
  }
  /// A subscriber at broker 5 beside the fast one that takes nothing while 500 messages pass.
  const Listening& listen_slowly(SlowPolicy policy) {
    slow_ = &cluster_.program(5);
    slow_->stall();
    const auto number = slow_->subscribe({"t", policy, 500, 2'000});
    EXPECT_TRUE(cluster_.run_until([&] { return slow_->all_live(); }, 10s));
    const Listening& listening = *slow_->listening(number);
    traffic({publisher_}, "t", 5s, 10ms);
    cluster_.run_for(6s);
    if (slow_->connected()) slow_->resume();
    cluster_.run_for(2s);
    return listening;
  }
  void expect_fast_one_undisturbed() {
    EXPECT_EQ(fast_->listening(1)->heard.size(), 500u);
    EXPECT_TRUE(publisher_->all_acknowledged());
    EXPECT_THAT(cluster_.ledger().complaints(), IsEmpty());
  }
  static const multicast::Gap* gap_at(const Listening& listening, std::size_t index) {
    return std::get_if<multicast::Gap>(&listening.heard[index]);
  }

  Program* publisher_ = nullptr;
  Program* fast_ = nullptr;
  Program* slow_ = nullptr;
};

TEST_F(Edges, ASlowSubscriberDropsItsOldest) {
  const auto& listening = listen_slowly(SlowPolicy::kDropOldest);
  expect_fast_one_undisturbed();
  ASSERT_GT(listening.heard.size(), 10u);
  const auto& newest = std::get<multicast::StreamBatch>(listening.heard.back());
  EXPECT_EQ(newest.batch.publisher_first, 500u) << "the newest was kept";
  EXPECT_EQ(std::ranges::count_if(
                listening.heard,
                [](const auto& item) { return std::holds_alternative<multicast::Gap>(item); }),
            1)
      << "one merged gap";
}

TEST_F(Edges, ASlowSubscriberDropsItsNewest) {
  const auto& listening = listen_slowly(SlowPolicy::kDropNewest);
  expect_fast_one_undisturbed();
  ASSERT_GT(listening.heard.size(), 10u);
  const auto* gap = gap_at(listening, listening.heard.size() - 1);
  ASSERT_NE(gap, nullptr);
  EXPECT_EQ(gap->why, multicast::Gap::Why::kQueueLimit);
  EXPECT_EQ(gap->where, cluster_.id(5));
}

TEST_F(Edges, ASlowSubscriberKeepsOnlyTheNewest) {
  const auto& listening = listen_slowly(SlowPolicy::kConflate);
  expect_fast_one_undisturbed();
  ASSERT_GE(listening.heard.size(), 3u);
  const auto& newest = std::get<multicast::StreamBatch>(listening.heard.back());
  EXPECT_EQ(newest.batch.publisher_first, 500u);
  const auto* gap = gap_at(listening, listening.heard.size() - 2);
  ASSERT_NE(gap, nullptr);
  EXPECT_EQ(gap->last + 1, newest.first);
}

TEST_F(Edges, ASlowSubscriberIsDisconnected) {
  listen_slowly(SlowPolicy::kDisconnect);
  expect_fast_one_undisturbed();
  EXPECT_GE(cluster_.broker(5).stats().clients.slow_disconnects, 1u);
  ASSERT_THAT(slow_->refusals(), ::testing::Not(IsEmpty()));
  EXPECT_EQ(slow_->refusals()[0].code, "queue_full");
}

TEST_F(Edges, APublisherWhoseBrokerCrashesPublishesAgainElsewhereAndNothingComesTwice) {
  const Programs subscribers = program_at_each_broker();
  subscribe_all(subscribers, "p");
  Program& mover = cluster_.program(3);
  traffic({&mover}, "p", 5s, 2ms);
  cluster_.run_for(2s);
  cluster_.kill(3);
  cluster_.run_for(4s);
  EXPECT_GE(mover.moves(), 1u);
  expect_nothing_lost_silently();
}

TEST_F(Edges, APublisherThatMovesBackAndForthLosesNothing) {
  Program& mover = cluster_.program(3);
  traffic({&mover}, "t", 10s, 2ms);
  for (int i = 0; i < 5; ++i) {
    cluster_.run_for(1500ms);
    cluster_.break_connections(mover.broker());
  }
  cluster_.run_for(4s);
  EXPECT_GE(mover.moves(), 5u);
  expect_nothing_lost_silently();
  EXPECT_EQ(mover.publish_errors().size(), 0u);
}

TEST_F(Edges, AProgramThatHangsIsGivenUpAndItsTreeGoesAway) {
  Program& program = cluster_.program(7);
  program.subscribe("only/mine");
  ASSERT_TRUE(cluster_.run_until([&] { return program.all_live(); }, 10s));
  program.freeze();
  const auto given_up = [&] { return cluster_.broker(7).stats().clients.silent_closed; };
  cluster_.run_for(cluster_.setup().broker.clients.silence - 1s);
  EXPECT_EQ(given_up(), 0u);
  cluster_.run_for(2s);
  EXPECT_EQ(given_up(), 1u);
  fast_->unsubscribe_all();
  EXPECT_TRUE(cluster_.run_until([&] { return trees() == 0; }, kLong));
}

TEST_F(Edges, AProgramThatMisbehavesHurtsNobody) {
  Program& hostile = cluster_.program(5);
  traffic({publisher_}, "t", 5s, 10ms);
  for (int i = 0; i < 20; ++i) {
    cluster_.run_for(200ms);
    hostile.say(client::Publish{"t", {0, 1, 1, Payload::from("not a body")}});
    hostile.say(client::Subscribe{1, std::string(10'000, 'x'), std::nullopt, 0, 0});
    hostile.say(client::Unsubscribe{77});
    hostile.say(client::Credit{1, ~std::uint64_t{0}});
    hostile.say(client::Hello{client::kVersion, client::kVersion,
                              ""});  // ends the session; it comes back elsewhere
  }
  cluster_.run_for(2s);
  expect_fast_one_undisturbed();
}

TEST_F(Edges, BackpressureReachesThePublisherAndEverythingIsTakenInOrder) {
  // Far more than the forest keeps for one topic: the rest waits for room, in order.
  broker::BrokerConfig config = lan_config();
  config.multicast.ingress_bytes_per_topic = 300;
  Cluster cluster({.seed = 3, .broker = config});
  ASSERT_TRUE(cluster.grow(5));
  Program& subscriber = cluster.program(1);
  subscriber.subscribe("t");
  ASSERT_TRUE(cluster.run_until([&] { return subscriber.all_live(); }, 10s));
  Program& publisher = cluster.program(3);
  cluster.run_for(100ms);
  for (int i = 0; i < 500; ++i) publisher.publish("t");
  ASSERT_TRUE(cluster.run_until([&] { return publisher.all_acknowledged(); }, kLong));
  cluster.run_for(1s);
  EXPECT_THAT(cluster.ledger().complaints(), IsEmpty());
  EXPECT_EQ(cluster.ledger().delivered_messages(), 500u);
  EXPECT_GT(cluster.broker(3).stats().clients.deferred_batches, 0u);
}

TEST_F(Edges, TheTopicLimitIsToldToTheSubscriber) {
  broker::BrokerConfig config = lan_config();
  config.multicast.topic_limit = 2;
  Cluster cluster({.seed = 4, .broker = config});
  ASSERT_TRUE(cluster.grow(1));
  Program& program = cluster.program(0);
  for (const auto* topic : {"a", "b", "c"}) program.subscribe(topic);
  cluster.run_for(1s);
  ASSERT_THAT(program.refusals(), SizeIs(1));
  EXPECT_EQ(program.refusals()[0].code, "limit");
  EXPECT_TRUE(program.all_live()) << "the other two are served";
}

}  // namespace
}  // namespace phyllo::testing
