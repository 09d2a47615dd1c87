#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "phyllo/client.h"
#include "sdk/src/frames.h"
#include "tests/sdk/fake_broker.h"
#include "tests/sdk/recorder.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Frame = v1::ClientFrame;

FakeBroker::Script silent_about_publishes() {
  FakeBroker::Script script;
  script.acknowledges_publish = false;
  return script;
}

TEST(Publish, TakesTwoStatements) {
  FakeBroker broker;
  {
    Client client({broker.endpoint()});
    client.publisher("sensors/temp").publish("21.5");
  }
  EXPECT_THAT(broker.published("sensors/temp"), ElementsAre("21.5"));
}

TEST(Publish, NumbersMessagesPerTopicFromOneWithOnePublisherId) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  Publisher a = client.publisher("a");
  Publisher b = client.publisher("b");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(a.publish("x").ok());
  ASSERT_TRUE(b.publish("y").ok());
  ASSERT_TRUE(client.flush(10s).ok());
  EXPECT_EQ(a.published(), 3u);
  EXPECT_EQ(a.acknowledged(), 3u);
  EXPECT_EQ(a.reach(), 3u);
  std::uint64_t publisher = 0;
  std::map<std::string, std::uint64_t> next;
  for (const auto& one : broker.arrived(Frame::kPublish)) {
    const auto& publish = one.frame.publish();
    if (publisher == 0) publisher = publish.publisher();
    EXPECT_EQ(publish.publisher(), publisher);
    EXPECT_NE(publish.publisher(), 0u);
    auto& expected = next.try_emplace(publish.topic(), 1).first->second;
    EXPECT_EQ(publish.first(), expected);
    expected += publish.count();
  }
  EXPECT_EQ(next["a"], 4u);
  EXPECT_EQ(next["b"], 2u);
}

TEST(Publish, PublishersOfOneTopicShareItsNumbers) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  Publisher first = client.publisher("t");
  Publisher second = client.publisher("t");
  first.publish("1");
  second.publish("2");
  first.publish("3");
  ASSERT_TRUE(client.flush(10s).ok());
  EXPECT_THAT(broker.published("t"), ElementsAre("1", "2", "3"));
  EXPECT_EQ(second.published(), 3u);
}

TEST(Publish, CollectsWhileThereIsNoConnection) {
  FakeBroker broker;
  broker.change([](FakeBroker::Script& script) { script.welcomes = false; });
  Client client({broker.endpoint()}, {.connect_timeout = 50ms});
  Publisher publisher = client.publisher("t");
  std::vector<std::string> expected;
  for (int i = 0; i < 1000; ++i) {
    expected.push_back(std::to_string(i));
    ASSERT_TRUE(publisher.publish(expected.back()).ok());
  }
  broker.change([](FakeBroker::Script& script) { script.welcomes = true; });
  ASSERT_TRUE(client.flush(10s).ok());
  EXPECT_EQ(broker.published("t"), expected);
  EXPECT_EQ(broker.arrived(Frame::kPublish).size(), 1u) << "a thousand messages, one batch";
}

TEST(Publish, ShortBatchesOfManyTopicsTravelTogether) {
  constexpr std::size_t kTopics = 300;
  FakeBroker broker({.welcomes = false});
  Client client({broker.endpoint()});
  for (std::size_t i = 0; i < kTopics; ++i) {
    ASSERT_TRUE(client.publisher("topic/" + std::to_string(i)).publish("short").ok());
  }
  ASSERT_TRUE(broker.wait_for(Frame::kHello));
  v1::BrokerFrame welcome;
  welcome.mutable_welcome()->set_version(internal::kProtocolVersion);
  welcome.mutable_welcome()->set_publish_window_bytes(1 << 20);
  welcome.mutable_welcome()->set_heartbeat_ms(60'000);
  broker.send(welcome);
  ASSERT_TRUE(client.flush(10s).ok());
  EXPECT_EQ(broker.arrived(Frame::kPublish).size(), kTopics);
  // The hello and a few envelopes.
  EXPECT_LT(broker.packets(), 10u);
  EXPECT_EQ(broker.published("topic/17"), std::vector<std::string>{"short"});
}

TEST(Publish, SendsAtOnceWhenTheLinkIsIdle) {
  FakeBroker broker(silent_about_publishes());
  Client client({broker.endpoint()}, {.close_timeout = 0ms});
  ASSERT_TRUE(client.wait_connected(10s).ok());
  client.publisher("t").publish("now");
  EXPECT_TRUE(broker.wait_for(Frame::kPublish)) << "nothing but the message itself triggers it";
}

TEST(Publish, CollectsMoreTheMoreIsUnderWay) {
  FakeBroker broker(silent_about_publishes());
  Client client({broker.endpoint()}, {.close_timeout = 0ms});
  ASSERT_TRUE(client.wait_connected(10s).ok());
  Publisher publisher = client.publisher("t");
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(publisher.publish("0123456789").ok());
  ASSERT_TRUE(broker.wait([&](const std::vector<FakeBroker::Arrived>& all) {
    std::uint64_t messages = 0;
    for (const auto& one : all) messages += one.frame.publish().count();
    return messages > 50'000;
  }));
  EXPECT_LT(broker.arrived(Frame::kPublish).size(), 1000u);
}

TEST(Publish, KeepsBatchesNearSixtyFourKilobytes) {
  FakeBroker::Script script;
  script.welcomes = false;
  FakeBroker broker(script);
  Client client({broker.endpoint()}, {.connect_timeout = 50ms});
  Publisher publisher = client.publisher("t");
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(publisher.publish(std::string(1000, 'x')).ok());
  broker.change([](FakeBroker::Script& current) { current.welcomes = true; });
  ASSERT_TRUE(client.flush(10s).ok());
  for (const auto& one : broker.arrived(Frame::kPublish)) EXPECT_LE(one.body.size(), 66'000u);
  EXPECT_LE(broker.arrived(Frame::kPublish).size(), 17u);
}

TEST(Publish, NeverHasMoreUnderWayThanTheWindow) {
  FakeBroker::Script script = silent_about_publishes();
  script.window_bytes = 200'000;
  FakeBroker broker(script);
  Client client({broker.endpoint()}, {.close_timeout = 0ms});
  Publisher publisher = client.publisher("t");
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(publisher.publish(std::string(1000, 'x')).ok());
  // A round trip after the last batch that fits: nothing more can be on its way.
  ASSERT_TRUE(broker.wait_for(Frame::kPublish, 2));
  ASSERT_TRUE(client.ping(10s).ok());
  std::size_t bytes = 0;
  const auto batches = broker.arrived(Frame::kPublish);
  for (const auto& one : batches) bytes += one.body.size();
  EXPECT_LE(bytes, 200'000u);
  broker.change([](FakeBroker::Script& current) { current.acknowledges_publish = true; });
  for (const auto& one : batches) broker.acknowledge(one.frame.publish());
  EXPECT_TRUE(client.flush(10s).ok());
  EXPECT_EQ(broker.published("t").size(), 1000u);
}

TEST(Publish, SendsOneBatchLargerThanTheWindow) {
  FakeBroker::Script script;
  script.window_bytes = 1000;
  FakeBroker broker(script);
  Client client({broker.endpoint()});
  client.publisher("t").publish(std::string(100'000, 'x'));
  EXPECT_TRUE(client.flush(10s).ok());
}

TEST(Publish, CarriesAnyBytesUnchanged) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  std::string bytes;
  for (int i = 0; i < 70'000; ++i) bytes.push_back(static_cast<char>(i * 7));
  client.publisher("t").publish(bytes);
  client.publisher("t").publish("");
  ASSERT_TRUE(client.flush(10s).ok());
  EXPECT_THAT(broker.published("t"), ElementsAre(bytes, ""));
}

TEST(Publish, SaysWhenTheQueueIsFullAndTakesMoreLater) {
  FakeBroker broker(silent_about_publishes());
  Client client({broker.endpoint()}, {.close_timeout = 0ms, .publish_queue_bytes = 10'000});
  Publisher publisher = client.publisher("t");
  const std::string kilobyte(1000, 'x');
  int taken = 0;
  Status status;
  while ((status = publisher.publish(kilobyte)).ok()) ++taken;
  EXPECT_EQ(status.code(), StatusCode::kQueueFull);
  EXPECT_THAT(status.message(), testing::HasSubstr("the limit is 10000"));
  EXPECT_GE(taken, 7);
  EXPECT_LE(taken, 10);
  EXPECT_EQ(publisher.published(), static_cast<std::uint64_t>(taken))
      << "a refused one has no number";
  EXPECT_EQ(publisher.publish(kilobyte, 20ms).code(), StatusCode::kQueueFull);

  std::promise<Status> waited;
  std::thread waiter([&] { waited.set_value(publisher.publish(kilobyte, 10s)); });
  ASSERT_TRUE(broker.wait_for(Frame::kPublish));
  broker.change([](FakeBroker::Script& current) { current.acknowledges_publish = true; });
  for (const auto& one : broker.arrived(Frame::kPublish)) broker.acknowledge(one.frame.publish());
  EXPECT_TRUE(waited.get_future().get().ok()) << "room came with the acknowledgement";
  waiter.join();
}

TEST(Publish, TakesOneMessageLargerThanTheQueue) {
  FakeBroker broker;
  Client client({broker.endpoint()}, {.publish_queue_bytes = 10});
  EXPECT_TRUE(client.publisher("t").publish(std::string(1000, 'x')).ok());
  EXPECT_TRUE(client.publisher("t").publish(std::string(1000, 'y'), 10s).ok());
  EXPECT_TRUE(client.flush(10s).ok());
}

TEST(Publish, RefusesMessagesOverTheLimitBeforeAnyConnection) {
  Client client({"tcp://127.0.0.1:1"}, {.close_timeout = 0ms});
  const Status status = client.publisher("t").publish(std::string((8 << 20) + 1, 'x'));
  EXPECT_EQ(status.code(), StatusCode::kTooLarge);
  EXPECT_EQ(status.message(), "the message has 8388609 bytes, the limit is 8388608");
  EXPECT_TRUE(client.publisher("t").publish(std::string(8 << 20, 'x')).ok());
}

TEST(Publish, RefusesMessagesOverTheLimitOfTheBroker) {
  FakeBroker::Script script;
  script.max_message_bytes = 100;
  FakeBroker broker(script);
  Client client({broker.endpoint()});
  ASSERT_TRUE(client.wait_connected(10s).ok());
  EXPECT_TRUE(client.publisher("t").publish(std::string(100, 'x')).ok());
  EXPECT_EQ(client.publisher("t").publish(std::string(101, 'x')).code(), StatusCode::kTooLarge);
}

TEST(Publish, RefusesInvalidTopicsWithTheReason) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  for (const std::string bad : {"", "/a", "a/", "a//b", "a/*", "#", "a+b", "\xff", "a\nb"}) {
    Publisher publisher = client.publisher(bad);
    EXPECT_EQ(publisher.status().code(), StatusCode::kInvalidArgument) << bad;
    const Status status = publisher.publish("x");
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << bad;
    EXPECT_THAT(status.message(), testing::StartsWith("invalid topic name")) << bad;
  }
  EXPECT_EQ(client.publisher(std::string(256, 'a')).status().code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(client.publisher(std::string(255, 'a')).status().ok());
}

TEST(Publish, TellsWhatTheBrokerRefused) {
  FakeBroker broker(silent_about_publishes());
  Recorder<PublishRefused> refused;
  Client client({broker.endpoint()},
                {.on_publish_refused = [&](const PublishRefused& what) { refused.add(what); }});
  Publisher publisher = client.publisher("t");
  publisher.publish("x");
  ASSERT_TRUE(broker.wait_for(Frame::kPublish));
  v1::BrokerFrame frame;
  auto* ack = frame.mutable_publish_ack();
  ack->set_topic("t");
  ack->set_publisher(broker.arrived(Frame::kPublish).front().frame.publish().publisher());
  ack->set_up_to(1);
  ack->set_error_code("limit");
  ack->set_error_message("too many topics");
  broker.send(frame);
  const Status status = publisher.flush(10s);
  EXPECT_EQ(status.code(), StatusCode::kLimit);
  EXPECT_EQ(status.message(), "too many topics");
  EXPECT_TRUE(publisher.flush(10s).ok()) << "told once";
  const auto told = refused.wait(1);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].topic, "t");
  EXPECT_EQ(told[0].from, 1u);
  EXPECT_EQ(told[0].to, 1u);
  EXPECT_EQ(client.stats().refused, 1u);
  EXPECT_EQ(client.stats().acknowledged, 0u);
}

TEST(Publish, FlushTimesOutWhenNobodyAcknowledges) {
  FakeBroker broker(silent_about_publishes());
  Client client({broker.endpoint()}, {.close_timeout = 0ms});
  Publisher publisher = client.publisher("t");
  publisher.publish("x");
  EXPECT_EQ(publisher.flush(20ms).code(), StatusCode::kTimeout);
  EXPECT_EQ(client.flush(20ms).code(), StatusCode::kTimeout);
  EXPECT_TRUE(client.publisher("other").flush(0ms).ok()) << "nothing to wait for";
}

TEST(Publish, IgnoresAcknowledgementsOfWhatWasNeverSent) {
  FakeBroker broker(silent_about_publishes());
  Client client({broker.endpoint()}, {.close_timeout = 0ms});
  Publisher publisher = client.publisher("t");
  publisher.publish("x");
  ASSERT_TRUE(broker.wait_for(Frame::kPublish));
  v1::BrokerFrame frame;
  auto* ack = frame.mutable_publish_ack();
  ack->set_topic("t");
  ack->set_publisher(12345);
  ack->set_up_to(1);
  broker.send(frame);
  ack->set_topic("other");
  broker.send(frame);
  ASSERT_TRUE(client.ping(10s).ok());
  EXPECT_EQ(publisher.acknowledged(), 0u);
  ack->set_topic("t");
  ack->set_publisher(broker.arrived(Frame::kPublish).front().frame.publish().publisher());
  ack->set_up_to(1'000'000);
  broker.send(frame);
  EXPECT_TRUE(publisher.flush(10s).ok());
  EXPECT_EQ(publisher.acknowledged(), 1u);
}

TEST(Publish, AHandleOutlivesItsClient) {
  FakeBroker broker;
  Publisher publisher;
  EXPECT_EQ(publisher.publish("x").code(), StatusCode::kClosed) << "of no client";
  EXPECT_EQ(publisher.topic(), "");
  {
    Client client({broker.endpoint()});
    publisher = client.publisher("t");
    EXPECT_TRUE(publisher.publish("x").ok());
  }
  EXPECT_EQ(publisher.publish("y").code(), StatusCode::kClosed);
  EXPECT_EQ(publisher.status().code(), StatusCode::kClosed);
  EXPECT_EQ(publisher.topic(), "t");
  EXPECT_TRUE(publisher.flush(0ms).ok()) << "what was published was acknowledged";
}

}  // namespace
}  // namespace phyllo::test
