#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "phyllo/client.h"
#include "tests/sdk/fake_broker.h"
#include "tests/sdk/recorder.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Frame = v1::ClientFrame;

TEST(Close, WaitsForAcknowledgementsAndSaysGoodbye) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  client.publisher("t").publish("x");
  EXPECT_TRUE(client.close(10s).ok());
  EXPECT_EQ(broker.published("t").size(), 1u);
  EXPECT_TRUE(broker.wait_for(Frame::kBye));
  EXPECT_EQ(client.status().code(), StatusCode::kClosed);
  EXPECT_EQ(client.ping(1h).status().code(), StatusCode::kClosed);
  EXPECT_EQ(client.subscribe("t", {.timeout = 1h}).status().code(), StatusCode::kClosed);
  EXPECT_EQ(client.wait_connected(1h).code(), StatusCode::kClosed);
  EXPECT_TRUE(client.close(1h).ok());
}

TEST(Close, EndsInTimeWhenNoBrokerIsThere) {
  Client client({"tcp://127.0.0.1:1"});
  client.publisher("t").publish("x");
  EXPECT_EQ(client.close(20ms).code(), StatusCode::kTimeout);
}

TEST(Close, EndsInTimeWhenTheBrokerIsSilent) {
  FakeBroker broker({.acknowledges_publish = false});
  Client client({broker.endpoint()});
  ASSERT_TRUE(client.wait_connected(10s).ok());
  client.publisher("t").publish("x");
  EXPECT_EQ(client.close(20ms).code(), StatusCode::kTimeout);
}

TEST(Close, EndsInTimeWhenTheBrokerNeverReads) {
  // A listening socket that nobody serves: connections are made by the kernel and that is all.
  zmq::context_t context;
  zmq::socket_t stream(context, zmq::socket_type::stream);
  stream.bind("tcp://127.0.0.1:*");
  Client client({stream.get(zmq::sockopt::last_endpoint)});
  Publisher publisher = client.publisher("t");
  for (int i = 0; i < 100; ++i) publisher.publish(std::string(100'000, 'x'));
  EXPECT_EQ(client.close(20ms).code(), StatusCode::kTimeout);
}

TEST(Close, EndsInTimeWhenACallbackDoesNotReturn) {
  FakeBroker broker;
  std::promise<void> started;
  std::promise<void> release;
  auto released = release.get_future().share();
  auto done = std::make_shared<std::promise<void>>();
  {
    Client client({broker.endpoint()}, {.close_timeout = 20ms});
    auto sub = client.subscribe("t", [&started, released, done](const Message&) {
      started.set_value();
      released.wait();
      done->set_value();
    });
    broker.deliver(1, 1, {"x"});
    started.get_future().get();
    const Status status = client.close(20ms);
    EXPECT_EQ(status.code(), StatusCode::kTimeout);
    EXPECT_THAT(status.message(), HasSubstr("callback"));
  }
  release.set_value();
  done->get_future().get();
}

TEST(Close, EndsEveryWaitOfOtherThreads) {
  FakeBroker broker(
      {.acknowledges_publish = false, .acknowledges_subscribe = false, .answers_pings = false});
  Client client({broker.endpoint()}, {.publish_queue_bytes = 200});
  ASSERT_TRUE(client.wait_connected(10s).ok());
  Publisher publisher = client.publisher("t");
  publisher.publish(std::string(100, 'x'));
  auto publish = std::async(std::launch::async,
                            [&] { return publisher.publish(std::string(100, 'x'), 1h).code(); });
  auto flush = std::async(std::launch::async, [&] { return client.flush(1h).code(); });
  auto subscribe = std::async(
      std::launch::async, [&] { return client.subscribe("t", {.timeout = 1h}).status().code(); });
  auto ping = std::async(std::launch::async, [&] { return client.ping(1h).status().code(); });
  ASSERT_TRUE(broker.wait_for(Frame::kSubscribe));
  ASSERT_TRUE(broker.wait_for(Frame::kPing));
  client.close(0ms);
  EXPECT_EQ(publish.get(), StatusCode::kClosed);
  EXPECT_EQ(subscribe.get(), StatusCode::kClosed);
  EXPECT_EQ(ping.get(), StatusCode::kClosed);
  const StatusCode flushed = flush.get();
  EXPECT_TRUE(flushed == StatusCode::kClosed) << to_string(flushed);
}

TEST(Close, FromSeveralThreadsAtOnceClosesOnce) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  client.publisher("t").publish("x");
  std::vector<std::future<Status>> closers;
  for (int i = 0; i < 8; ++i) {
    closers.push_back(std::async(std::launch::async, [&] { return client.close(10s); }));
  }
  for (auto& closer : closers) EXPECT_TRUE(closer.get().ok());
  EXPECT_TRUE(broker.wait_for(Frame::kBye));
}

TEST(Close, ACallbackThatClosesWhileAnotherThreadClosesDoesNotWaitForIt) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  std::promise<void> started;
  std::promise<void> closing;
  auto go = closing.get_future().share();
  auto sub = client.subscribe("t", [&](const Message&) {
    started.set_value();
    go.wait();
    while (client.status().code() != StatusCode::kClosed) std::this_thread::yield();
    client.close(1h);
  });
  broker.deliver(1, 1, {"x"});
  started.get_future().get();
  closing.set_value();
  EXPECT_TRUE(client.close(10s).ok());
}

TEST(Close, InvalidOptionsMakeAClosedClientThatSaysWhy) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> bad = {
      {{}, "no broker"},
      {{"localhost:7401"}, "expected tcp://"},
      {{"tcp://localhost"}, "no port"},
      {{"tcp://:7401"}, "no host"},
      {{"tcp://*:7401"}, "no host"},
      {{"tcp://h:0"}, "1 to 65535"},
      {{"tcp://h:65536"}, "1 to 65535"},
      {{"tcp://h:74o1"}, "1 to 65535"},
      {{"tcp://::1:7401"}, "IPv6"},
      {{"tcp://a b:7401"}, "space"},
      {{"ipc://"}, "no path"},
      {{"ipc:///" + std::string(200, 'x')}, "107"},
      {{"tcp://good:7401", "udp://h:1"}, "udp://h:1"},
  };
  for (const auto& [brokers, why] : bad) {
    Client client(brokers);
    EXPECT_EQ(client.status().code(), StatusCode::kInvalidArgument);
    EXPECT_THAT(client.status().message(), HasSubstr(why));
    EXPECT_THAT(client.publisher("t").publish("x").message(), HasSubstr(why));
    EXPECT_THAT(client.subscribe("t").status().message(), HasSubstr(why));
    EXPECT_FALSE(client.ping(1h).ok());
    EXPECT_FALSE(client.wait_connected(1h).ok());
    EXPECT_TRUE(client.close(1h).ok());
  }
  EXPECT_THAT(Client({"tcp://h:1"}, {.callback_threads = 0}).status().message(),
              HasSubstr("callback_threads"));
  EXPECT_THAT(Client({"tcp://h:1"}, {.reconnect = {.jitter = 2}}).status().message(),
              HasSubstr("jitter"));
}

TEST(Close, AMovedFromClientIsClosed) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  Client other(std::move(client));
  EXPECT_EQ(client.status().code(), StatusCode::kClosed);  // NOLINT: moved from, on purpose
  EXPECT_EQ(client.publisher("t").publish("x").code(), StatusCode::kClosed);
  EXPECT_FALSE(client.subscribe("t"));
  EXPECT_FALSE(client.ping(1h).ok());
  other.publisher("t").publish("x");
  EXPECT_TRUE(other.flush(10s).ok());
  other = Client({broker.endpoint()});
  EXPECT_TRUE(other.wait_connected(10s).ok());
}

}  // namespace
}  // namespace phyllo::test
