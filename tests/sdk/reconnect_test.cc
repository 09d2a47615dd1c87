#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "phyllo/client.h"
#include "sdk/src/frames.h"
#include "tests/sdk/fake_broker.h"
#include "tests/sdk/recorder.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Frame = v1::ClientFrame;
using Kind = ConnectionEvent::Kind;

constexpr ReconnectPolicy kFast{.initial = 1ms, .maximum = 20ms, .jitter = 0.5};

/// Two brokers, of which the first one can die.
class Reconnect : public testing::Test {
 protected:
  std::unique_ptr<Client> connect(ClientOptions options = {}) {
    options.reconnect = kFast;
    options.on_connection = [this](const ConnectionEvent& event) { events_.add(event); };
    auto client = std::make_unique<Client>(std::vector{first_->endpoint(), second_.endpoint()},
                                           std::move(options));
    EXPECT_TRUE(client->wait_connected(10s).ok());
    return client;
  }

  static FakeBroker::Script silent() {
    FakeBroker::Script script;
    script.acknowledges_publish = false;
    return script;
  }

  std::optional<FakeBroker> first_{std::in_place};
  FakeBroker second_;
  Recorder<ConnectionEvent> events_;
};

TEST_F(Reconnect, SeesAtOnceThatNobodyListensThere) {
  const std::string nobody = first_->endpoint();
  first_.reset();
  ClientOptions options;
  options.connect_timeout = 1min;
  Client client({nobody, second_.endpoint()}, options);
  EXPECT_TRUE(client.wait_connected(10s).ok());
}

TEST_F(Reconnect, MovesToTheNextBrokerAndSaysSo) {
  auto client = connect();
  EXPECT_EQ(client->broker()->endpoint, first_->endpoint());
  EXPECT_EQ(client->broker()->node_id, "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a");
  EXPECT_EQ(client->broker()->cluster, "test");
  EXPECT_EQ(client->broker()->session, 42u);
  const std::string before = first_->endpoint();
  first_.reset();
  const auto told = events_.wait(3);
  ASSERT_GE(told.size(), 3u);
  EXPECT_EQ(told[0].kind, Kind::kConnected);
  EXPECT_EQ(told[1].kind, Kind::kDisconnected);
  EXPECT_EQ(told[1].broker.endpoint, before);
  EXPECT_THAT(told[1].reason.message(), HasSubstr("the connection was lost"));
  EXPECT_EQ(told.back().kind, Kind::kConnected);
  EXPECT_EQ(told.back().broker.endpoint, second_.endpoint());
  EXPECT_TRUE(client->status().ok());
  EXPECT_EQ(client->stats().connects, 2u);
}

TEST_F(Reconnect, RenewsSubscriptions) {
  auto client = connect();
  auto a = client->subscribe("a");
  auto b = client->subscribe("b");
  auto gone = client->subscribe("gone");
  gone.unsubscribe();
  first_.reset();
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe, 2));
  ASSERT_TRUE(client->ping(10s).ok());
  std::set<std::string> topics;
  for (const auto& one : second_.arrived(Frame::kSubscribe)) {
    topics.insert(one.frame.subscribe().topic());
  }
  EXPECT_THAT(topics, ElementsAre("a", "b"));
  EXPECT_TRUE(a.status().ok());
  second_.deliver(1, 1, {"x"});
  EXPECT_EQ(a.next(10s)->payload(), "x");
}

TEST_F(Reconnect, SendsUnacknowledgedMessagesAgainWithTheSameNumbersInOrder) {
  first_.emplace(silent());
  auto client = connect();
  Publisher publisher = client->publisher("t");
  std::vector<std::string> expected;
  for (int i = 0; i < 500; ++i) {
    expected.push_back("message " + std::to_string(i));
    ASSERT_TRUE(publisher.publish(expected.back()).ok());
  }
  ASSERT_TRUE(first_->wait_for(Frame::kPublish));
  const auto at_first = first_->arrived(Frame::kPublish);
  first_.reset();
  ASSERT_TRUE(client->flush(10s).ok());
  EXPECT_EQ(second_.published("t"), expected);
  const auto at_second = second_.arrived(Frame::kPublish);
  for (std::size_t i = 0; i < at_first.size(); ++i) {
    const auto& before = at_first[i].frame.publish();
    const auto& again = at_second[i].frame.publish();
    EXPECT_EQ(again.publisher(), before.publisher());
    EXPECT_EQ(again.first(), before.first());
    EXPECT_EQ(again.count(), before.count()) << "a batch is encoded once";
    EXPECT_EQ(at_second[i].body, at_first[i].body);
  }
  EXPECT_GT(client->stats().resent, 0u);
}

TEST_F(Reconnect, DoesNotSendAgainWhatWasAcknowledged) {
  auto client = connect();
  client->publisher("t").publish("old");
  ASSERT_TRUE(client->flush(10s).ok());
  first_.reset();
  client->publisher("t").publish("new");
  ASSERT_TRUE(client->flush(10s).ok());
  EXPECT_THAT(second_.published("t"), ElementsAre("new"));
  EXPECT_EQ(second_.arrived(Frame::kPublish)[0].frame.publish().first(), 2u);
}

TEST_F(Reconnect, ReportsWhatTheSameStreamCarriedMeanwhile) {
  auto client = connect();
  Recorder<Gap> gaps;
  Texts seen;
  auto sub = client->subscribe("t", [&](const Message& m) { seen.add(std::string(m.payload())); },
                               {.on_gap = [&](const Gap& gap) { gaps.add(gap); }});
  first_->deliver(1, 1, {"a", "b"});
  seen.wait(2);
  second_.change([](FakeBroker::Script& script) { script.stream_next = 6; });
  first_.reset();
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe));
  second_.deliver(1, 6, {"c"});
  EXPECT_THAT(seen.wait(3), ElementsAre("a", "b", "c"));
  const auto told = gaps.values();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].scope, Gap::Scope::kStream);
  EXPECT_EQ(told[0].from, 3u);
  EXPECT_EQ(told[0].to, 5u);
  EXPECT_EQ(told[0].why, "missed");
}

TEST_F(Reconnect, ReportsHolesInPublishersNumbersOnAnotherStream) {
  auto client = connect();
  Recorder<Gap> gaps;
  Texts seen;
  auto sub = client->subscribe("t", [&](const Message& m) { seen.add(std::string(m.payload())); },
                               {.on_gap = [&](const Gap& gap) { gaps.add(gap); }});
  first_->deliver(1, 1, {"a"}, 7, 3);
  seen.wait(1);
  second_.change([](FakeBroker::Script& script) { script.root = 'z'; });
  first_.reset();
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe));
  second_.deliver(1, 1, {"b"}, 7, 6);
  second_.deliver(1, 2, {"stranger"}, 8, 90);
  EXPECT_THAT(seen.wait(3), ElementsAre("a", "b", "stranger"));
  const auto told = gaps.values();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].scope, Gap::Scope::kPublisher);
  EXPECT_EQ(told[0].publisher, 7u);
  EXPECT_EQ(told[0].from, 4u);
  EXPECT_EQ(told[0].to, 5u);
}

TEST_F(Reconnect, DropsWhatTheOldBrokerDeliveredAlready) {
  auto client = connect();
  Texts seen;
  auto sub = client->subscribe("t", [&](const Message& m) { seen.add(std::string(m.payload())); });
  first_->deliver(1, 1, {"a", "b", "c"});
  seen.wait(3);
  first_.reset();
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe));
  second_.deliver(1, 2, {"b", "c", "d"});
  EXPECT_THAT(seen.wait(4), ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(sub.stats().gaps, 0u);
}

TEST_F(Reconnect, DropsAPublishersRepetitionOnANewStream) {
  auto client = connect();
  Texts seen;
  auto sub = client->subscribe("t", [&](const Message& m) { seen.add(std::string(m.payload())); });
  first_->deliver(1, 1, {"a", "b"});
  seen.wait(2);
  second_.change([](FakeBroker::Script& script) { script.root = 'z'; });
  first_.reset();
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe));
  second_.deliver(1, 1, {"b", "c"}, 7, 2);
  EXPECT_THAT(seen.wait(3), ElementsAre("a", "b", "c"));
  EXPECT_EQ(sub.stats().gaps, 0u);
}

TEST_F(Reconnect, KeepsASubscriptionThatTheNewBrokerCannotServeYet) {
  auto client = connect();
  auto sub = client->subscribe("t");
  second_.change([](FakeBroker::Script& script) { script.acknowledges_subscribe = false; });
  first_.reset();
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe));
  second_.change([](FakeBroker::Script& script) { script.acknowledges_subscribe = true; });
  v1::BrokerFrame ack;
  ack.mutable_subscribe_ack()->set_subscription(1);
  ack.mutable_subscribe_ack()->set_error_code("limit");
  ack.mutable_subscribe_ack()->set_error_message("full");
  second_.send(ack);
  ASSERT_TRUE(second_.wait_for(Frame::kSubscribe, 2)) << "it asks again";
  EXPECT_TRUE(sub.status().ok());
}

TEST_F(Reconnect, NoticesASilentBroker) {
  first_->change([](FakeBroker::Script& script) {
    script.heartbeat_ms = 50;
    script.answers_pings = false;
  });
  auto client = connect();
  const auto told = events_.wait(3);
  ASSERT_GE(told.size(), 3u);
  EXPECT_EQ(told[1].kind, Kind::kDisconnected);
  EXPECT_THAT(told[1].reason.message(), HasSubstr("nothing heard"));
  EXPECT_EQ(told[2].broker.endpoint, second_.endpoint());
  EXPECT_GE(first_->arrived(Frame::kPing).size(), 3u) << "it kept saying that it is there";
}

TEST_F(Reconnect, StaysWithABrokerThatAnswersHeartbeats) {
  first_->change([](FakeBroker::Script& script) { script.heartbeat_ms = 400; });
  auto client = connect();
  ASSERT_TRUE(first_->wait_for(Frame::kPing, 7));
  EXPECT_EQ(client->stats().connects, 1u);
}

TEST_F(Reconnect, AnswersPings) {
  auto client = connect();
  v1::BrokerFrame ping;
  ping.mutable_ping()->set_nonce(77);
  first_->send(ping);
  ASSERT_TRUE(first_->wait_for(Frame::kPong));
  EXPECT_EQ(first_->arrived(Frame::kPong)[0].frame.pong().nonce(), 77u);
}

TEST_F(Reconnect, MovesOnWhenTheBrokerSaysGoodbye) {
  auto client = connect();
  v1::BrokerFrame bye;
  bye.mutable_bye()->set_reason("maintenance");
  first_->send(bye);
  const auto told = events_.wait(3);
  EXPECT_THAT(told[1].reason.message(), HasSubstr("maintenance"));
  EXPECT_EQ(told[2].broker.endpoint, second_.endpoint());
}

TEST(Connect, TriesTheWholeListAgainAndAgain) {
  FakeBroker late({.welcomes = false});
  Recorder<ConnectionEvent> events;
  Client client({"tcp://127.0.0.1:1", late.endpoint(), "ipc:///nowhere/at-all"},
                {.reconnect = kFast,
                 .connect_timeout = 50ms,
                 .on_connection = [&](const ConnectionEvent& event) { events.add(event); }});
  const auto told = events.wait(6);
  std::set<std::string> tried;
  for (const auto& event : told) {
    EXPECT_EQ(event.kind, Kind::kFailed);
    tried.insert(event.broker.endpoint);
  }
  EXPECT_EQ(tried.size(), 3u);
  EXPECT_EQ(client.status().code(), StatusCode::kUnavailable);
  late.change([](FakeBroker::Script& script) { script.welcomes = true; });
  EXPECT_TRUE(client.wait_connected(10s).ok());
  EXPECT_GE(client.stats().failed_attempts, 6u);
}

TEST(Connect, TellsTheReasonOfARefusal) {
  FakeBroker broker({.welcomes = false});
  Recorder<ConnectionEvent> events;
  Client client({broker.endpoint()},
                {.reconnect = kFast,
                 .on_connection = [&](const ConnectionEvent& event) { events.add(event); }});
  ASSERT_TRUE(broker.wait_for(Frame::kHello));
  EXPECT_EQ(broker.arrived(Frame::kHello)[0].frame.hello().magic(), "PHYLLO");
  v1::BrokerFrame refused;
  refused.mutable_refused()->set_code("limit");
  refused.mutable_refused()->set_message("10000 clients are enough");
  broker.send(refused);
  const auto told = events.wait(1);
  ASSERT_GE(told.size(), 1u);
  EXPECT_EQ(told[0].kind, Kind::kRefused);
  EXPECT_EQ(told[0].reason.code(), StatusCode::kLimit);
  EXPECT_THAT(client.wait_connected(1ms).message(), HasSubstr("10000 clients are enough"));
}

TEST(Connect, RefusesABrokerOfAnotherVersion) {
  FakeBroker broker({.welcomes = false});
  Recorder<ConnectionEvent> events;
  Client client({broker.endpoint()},
                {.reconnect = kFast,
                 .on_connection = [&](const ConnectionEvent& event) { events.add(event); }});
  ASSERT_TRUE(broker.wait_for(Frame::kHello));
  v1::BrokerFrame welcome;
  const std::uint32_t later = internal::kProtocolVersion + 1;
  welcome.mutable_welcome()->set_version(later);
  broker.send(welcome);
  EXPECT_THAT(events.wait(1)[0].reason.message(), HasSubstr("version " + std::to_string(later)));
}

TEST(Connect, WorksOverIPv6) {
  std::optional<FakeBroker> broker;
  try {
    broker.emplace(FakeBroker::Script(), "tcp://[::1]:*");
  } catch (const zmq::error_t&) {
    GTEST_SKIP() << "this host has no IPv6";
  }
  Client client({broker->endpoint()});
  client.publisher("t").publish("x");
  EXPECT_TRUE(client.flush(10s).ok());
}

TEST(Connect, NamesTheBrokerThatDoesNotAnswer) {
  FakeBroker silent({.welcomes = false});
  Client client({silent.endpoint()});
  EXPECT_THAT(client.wait_connected(1ms).message(), HasSubstr("connect"));
  ASSERT_TRUE(silent.wait_for(Frame::kHello));
  EXPECT_THAT(client.status().message(), HasSubstr(silent.endpoint() + ": no answer yet"));
}

TEST(Connect, WorksOverIpc) {
  FakeBroker broker({}, "ipc://*");
  Client client({broker.endpoint()});
  client.publisher("t").publish("x");
  EXPECT_TRUE(client.flush(10s).ok());
}

TEST(Connect, AsksQuestionsAgainAfterAReconnect) {
  FakeBroker silent({.answers_pings = false});
  FakeBroker other;
  Client client({silent.endpoint(), other.endpoint()}, {.reconnect = kFast});
  ASSERT_TRUE(client.wait_connected(10s).ok());
  v1::BrokerFrame bye;
  bye.mutable_bye();
  silent.send(bye);
  EXPECT_TRUE(client.ping(10s).ok());
}

}  // namespace
}  // namespace phyllo::test
