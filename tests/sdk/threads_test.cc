#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "phyllo/client.h"
#include "tests/sdk/fake_broker.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
using Frame = v1::ClientFrame;

/// A thread that is joined when the test leaves, however it does.
std::vector<std::jthread> threads(int count, const std::function<void(int)>& body) {
  std::vector<std::jthread> all;
  for (int i = 0; i < count; ++i) all.emplace_back([body, i] { body(i); });
  return all;
}

TEST(SeveralThreads, PublishToOneTopicWithoutLosingOrMixingOrder) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  constexpr int kThreads = 4;
  constexpr int kMessages = 2000;
  threads(kThreads, [&](int i) {
    Publisher publisher = client.publisher("t");
    for (int n = 0; n < kMessages; ++n) {
      publisher.publish(std::to_string(i) + " " + std::to_string(n), 10s);
    }
  }).clear();
  ASSERT_TRUE(client.flush(10s).ok());
  std::vector<int> next(kThreads, 0);
  for (const std::string& message : broker.published("t")) {
    const int thread = std::stoi(message.substr(0, 1));
    EXPECT_EQ(std::stoi(message.substr(2)), next[thread]++);
  }
  EXPECT_THAT(next, testing::Each(kMessages));
}

TEST(SeveralThreads, SubscribeAndUnsubscribeWhileMessagesArrive) {
  FakeBroker broker;
  Client client({broker.endpoint()}, {.callback_threads = 2});
  std::atomic<std::uint64_t> seen{0};
  std::atomic<bool> stop{false};
  std::jthread feeder([&] {
    std::uint64_t number = 1;
    while (!stop) {
      for (std::uint32_t sub = 1; sub <= 40; ++sub) broker.deliver(sub, number, {"x"});
      ++number;
      std::this_thread::yield();
      client.ping(10s);
    }
  });
  threads(3, [&](int i) {
    for (int n = 0; n < 30; ++n) {
      auto sub = client.subscribe("t/" + std::to_string(i), [&](const Message&) { ++seen; });
      EXPECT_TRUE(sub.status().ok()) << sub.status().to_string();
      auto pull = client.subscribe("u/" + std::to_string(i));
      pull.next(1ms);
      sub.stats();
    }
  }).clear();
  stop = true;
  feeder.join();
  EXPECT_EQ(client.stats().connects, 1u);
}

TEST(SeveralThreads, DoEverythingWhileTheClientIsClosed) {
  for (int round = 0; round < 10; ++round) {
    FakeBroker broker;
    auto client = std::make_unique<Client>(std::vector{broker.endpoint()});
    ASSERT_TRUE(client->wait_connected(10s).ok());
    std::atomic<int> started{0};
    auto busy = threads(4, [&](int i) {
      Publisher publisher = client->publisher("t" + std::to_string(i % 2));
      ++started;
      while (publisher.publish("x", 1ms).code() != StatusCode::kClosed) {
        auto sub = client->subscribe_async(
            "s", [](const Message&) {}, nullptr);
        client->stats();
        client->status();
        if (i == 0) client->ping(10s);
        if (i == 1) publisher.flush(1ms);
      }
    });
    while (started < 4) std::this_thread::yield();
    client->close(10s);
    busy.clear();
  }
}

TEST(SeveralThreads, PullFromOneSubscription) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  auto sub = client.subscribe("t");
  std::atomic<int> got{0};
  std::atomic<std::uint64_t> sum{0};
  auto pullers = threads(3, [&](int) {
    while (const auto message = sub.next(1h)) {
      sum += message->stream_sequence();
      if (++got == 300) sub.unsubscribe();
    }
  });
  for (std::uint64_t i = 1; i <= 300; i += 3) broker.deliver(1, i, {"a", "b", "c"});
  pullers.clear();
  EXPECT_EQ(got, 300);
  EXPECT_EQ(sum, 300u * 301 / 2) << "each message went to one of them";
}

TEST(SeveralThreads, PublishAcrossReconnects) {
  std::optional<FakeBroker> broker(std::in_place);
  const std::string endpoint = broker->endpoint();
  Client client({endpoint},
                {.reconnect = {.initial = 1ms, .maximum = 10ms}, .connect_timeout = 500ms});
  std::atomic<bool> stop{false};
  auto publishers = threads(2, [&](int i) {
    Publisher publisher = client.publisher("t" + std::to_string(i));
    for (int n = 0; !stop; ++n) {
      ASSERT_TRUE(publisher.publish(std::to_string(n), 10s).ok());
      std::this_thread::yield();
    }
  });
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(broker->wait_for(Frame::kPublish, 10));
    broker.reset();
    broker.emplace(FakeBroker::Script(), endpoint);
  }
  ASSERT_TRUE(broker->wait_for(Frame::kPublish, 10));
  stop = true;
  publishers.clear();
  EXPECT_TRUE(client.flush(10s).ok());
  for (const std::string topic : {"t0", "t1"}) {
    std::vector<std::string> all = broker->published(topic);
    ASSERT_FALSE(all.empty());
    for (std::size_t i = 1; i < all.size(); ++i) {
      EXPECT_EQ(std::stoi(all[i]), std::stoi(all[i - 1]) + 1) << "in order, nothing left out";
    }
  }
}

}  // namespace
}  // namespace phyllo::test
