// What a program keeps for each of very many topics: bytes that were asked for and not given back,
// and how often it asks for a small batch.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/batch_body.h"
#include "sdk/src/feed.h"
#include "sdk/src/outbox.h"
#include "tests/allocations/allocation_count.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
using namespace phyllo::internal;

constexpr std::uint32_t kTopics = 20'000;
constexpr Instant kStart{};

std::string name(std::uint32_t topic) { return "a/topic/" + std::to_string(1'000'000 + topic); }

class TopicsOfAPublisher : public testing::Test {
 protected:
  void SetUp() override {
    outbox_.connected(64 << 20, 1 << 16);
    for (std::uint32_t i = 0; i < kTopics; ++i) channels_.push_back(*outbox_.channel(name(i)));
    publish_to_all();
  }
  void publish_to_all() {
    for (const auto& channel : channels_) {
      ASSERT_TRUE(outbox_.publish(*channel, "some message", 0ms).ok());
      const auto taken = outbox_.take(kStart);
      ASSERT_TRUE(taken);
      outbox_.acknowledge(kStart, {taken->topic, taken->publisher, taken->last(), 1, {}, {}, 1});
    }
    outbox_.tick(kStart + 1s);
  }

  const std::size_t before_ = bytes_in_use();
  Outbox outbox_{{64 << 20, 1 << 16}, 1, std::make_shared<Waker>()};
  std::vector<std::shared_ptr<Channel>> channels_;
};

TEST_F(TopicsOfAPublisher, CostFewBytesEachOnceAllIsAcknowledged) {
  EXPECT_LE((bytes_in_use() - before_) / kTopics, 900u);
}

TEST_F(TopicsOfAPublisher, AskSeldomForASmallBatch) {
  std::size_t count = 0;
  {
    const AllocationCount counting(count);
    publish_to_all();
  }
  EXPECT_LE(count / kTopics, 8u);
}

class TopicsOfASubscriber : public testing::Test {
 protected:
  void SetUp() override {
    for (std::uint32_t i = 0; i < kTopics; ++i) {
      Feed::Setup setup;
      setup.id = i + 1;
      setup.topic = name(i);
      setup.on_message = [this](const Message&) { ++handled_; };
      feeds_.push_back(std::make_shared<Feed>(std::move(setup), mailbox_, dispatcher_, events_));
      feeds_.back()->begin_session();
      feeds_.back()->live(kStart, {});
      feeds_.back()->run();
    }
  }

  const std::size_t before_ = bytes_in_use();
  std::shared_ptr<Waker> waker_ = std::make_shared<Waker>();
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>(waker_);
  std::shared_ptr<Dispatcher> dispatcher_ = std::make_shared<Dispatcher>(waker_);
  std::shared_ptr<Events> events_ = std::make_shared<Events>(ClientOptions(), dispatcher_);
  std::vector<std::shared_ptr<Feed>> feeds_;
  std::size_t handled_ = 0;
};

TEST_F(TopicsOfASubscriber, CostFewBytesEachWhileNothingWaits) {
  EXPECT_LE((bytes_in_use() - before_) / kTopics, 900u);
}

TEST_F(TopicsOfASubscriber, AskSeldomForASmallBatch) {
  BatchBodyWriter writer;
  writer.append("some message");
  const Payload body = writer.take();
  const auto deliver_to_all = [&](std::uint64_t number) {
    for (std::uint32_t i = 0; i < kTopics; ++i) {
      ASSERT_TRUE(feeds_[i]->deliver(kStart, {i + 1, {}, number, 1, 7, number}, body));
      feeds_[i]->run();
    }
  };
  deliver_to_all(1);
  std::size_t count = 0;
  {
    const AllocationCount counting(count);
    deliver_to_all(2);
  }
  EXPECT_EQ(handled_, 2 * kTopics);
  EXPECT_LE(count / kTopics, 3u);
}

}  // namespace
}  // namespace phyllo::test
