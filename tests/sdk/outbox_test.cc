#include "sdk/src/outbox.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace phyllo::internal {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kNow{0};
constexpr Instant kStart{};

class OutboxTest : public testing::Test {
 protected:
  PublishAck ack(const Publication& publication) {
    return {publication.topic, publication.publisher, publication.last(), 0, {}};
  }

  /// The next batch, collected long enough.
  std::optional<Publication> take_collected() {
    outbox_.tick(outbox_.next_tick());
    return outbox_.take(kStart);
  }

  const std::shared_ptr<Waker> waker_ = std::make_shared<Waker>();
  Outbox outbox_{{1 << 20, 1 << 16}, 1, waker_};
};

TEST_F(OutboxTest, TopicsTakeTurns) {
  const auto a = *outbox_.channel("a");
  const auto b = *outbox_.channel("b");
  for (int i = 0; i < 3; ++i) {
    outbox_.publish(*a, std::string(60'000, 'x'), kNow);
    outbox_.publish(*b, std::string(60'000, 'x'), kNow);
  }
  outbox_.connected(1 << 20, 1 << 16);
  std::string order;
  while (const auto publication = take_collected()) order += publication->topic;
  EXPECT_EQ(order, "ababab");
}

TEST_F(OutboxTest, BatchesGrowOnAFastWayWithinAShareOfTheWindow) {
  constexpr std::size_t kWindow = 1 << 20;
  const auto a = *outbox_.channel("a");
  outbox_.connected(kWindow, 1 << 16);
  std::size_t largest = 0;
  Instant now = kStart;
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < 200; ++i) outbox_.publish(*a, std::string(1000, 'x'), kNow);
    now += milliseconds(1);
    std::vector<Publication> taken;
    while (auto publication = outbox_.take(now)) taken.push_back(*publication);
    for (const Publication& publication : taken) {
      largest = std::max(largest, publication.body.size());
      outbox_.acknowledge(now, ack(publication));
    }
  }
  EXPECT_GT(largest, Pace::kLeastBatch);
  EXPECT_LE(largest, kWindow / 8);
  outbox_.disconnected();
  outbox_.connected(kWindow, 1 << 16);
  for (int i = 0; i < 200; ++i) outbox_.publish(*a, std::string(1000, 'x'), kNow);
  while (auto publication = outbox_.take(now)) {
    EXPECT_LE(publication->body.size(), Pace::kLeastBatch) << "the next way may be a slow one";
  }
}

TEST_F(OutboxTest, BatchesGrowWithWhatWaitsForAcknowledgements) {
  constexpr std::size_t kWindow = 8 << 20;
  const auto a = *outbox_.channel("a");
  const auto small = *outbox_.channel("b");
  outbox_.connected(kWindow, 1 << 16);
  while (outbox_.publish(*a, std::string(1000, 'x'), kNow).ok()) outbox_.publish(*small, "", kNow);
  std::size_t largest = 0;
  while (const auto publication = take_collected()) {
    largest = std::max(largest, publication->body.size());
    if (publication->topic == "b") {
      EXPECT_LT(publication->body.size(), 2000u);
    }
  }
  EXPECT_GT(largest, 200'000u);
  EXPECT_LE(largest, (1 << 20) / 4);
}

TEST_F(OutboxTest, GivesNothingWithoutAConnectionOrToABrokerThatStops) {
  const auto a = *outbox_.channel("a");
  outbox_.publish(*a, "x", kNow);
  EXPECT_FALSE(outbox_.take(kStart));
  outbox_.connected(1000, 1000);
  EXPECT_TRUE(outbox_.take(kStart));
  outbox_.publish(*a, "y", kNow);
  outbox_.hold();
  EXPECT_FALSE(outbox_.take(kStart));
  EXPECT_FALSE(outbox_.nothing_flies());
  outbox_.disconnected();
  EXPECT_TRUE(outbox_.nothing_flies());
  outbox_.connected(1000, 1000);
  EXPECT_EQ(outbox_.take(kStart)->first, 1u);
  EXPECT_EQ(take_collected()->first, 2u);
}

TEST_F(OutboxTest, RespectsTheNumberOfBatchesAWindowAllows) {
  outbox_.connected(160, 1000);  // ten batches
  std::vector<std::shared_ptr<Channel>> channels;
  for (int i = 0; i < 12; ++i) {
    channels.push_back(*outbox_.channel("t" + std::to_string(i)));
    outbox_.publish(*channels.back(), "", kNow);
  }
  std::vector<Publication> taken;
  while (auto publication = outbox_.take(kStart)) taken.push_back(*publication);
  EXPECT_EQ(taken.size(), 10u);
  outbox_.acknowledge(kStart, ack(taken.front()));
  EXPECT_TRUE(outbox_.take(kStart));
  EXPECT_FALSE(outbox_.take(kStart));
}

TEST_F(OutboxTest, CollectsAfterABatchButNotForLong) {
  const auto a = *outbox_.channel("a");
  const auto publish = [&](int messages) {
    for (int i = 0; i < messages; ++i) outbox_.publish(*a, "x", kNow);
  };
  outbox_.connected(1 << 20, 1000);
  EXPECT_EQ(outbox_.next_tick(), kNoDeadline);
  publish(1);
  EXPECT_EQ(outbox_.take(kStart)->count, 1u);
  publish(7);
  EXPECT_FALSE(outbox_.take(kStart));
  const Instant until = outbox_.next_tick();
  ASSERT_LE(until, kStart + milliseconds(1));
  outbox_.tick(until - std::chrono::nanoseconds(1));
  EXPECT_FALSE(outbox_.take(kStart));
  outbox_.tick(until);
  const auto collected = outbox_.take(until);
  ASSERT_TRUE(collected);
  EXPECT_EQ(collected->count, 7u);
  outbox_.acknowledge(until, ack(*collected));
  EXPECT_EQ(outbox_.next_tick(), kNoDeadline) << "all is acknowledged";
  publish(1);
  EXPECT_TRUE(outbox_.take(until));
}

TEST_F(OutboxTest, SetsTheAlarmForWhatItCollectsAndForNothingElse) {
  const auto a = *outbox_.channel("a");
  const auto rings = [&](milliseconds within) {
    pollfd alarm{waker_->alarm_fd(), POLLIN, 0};
    return ::poll(&alarm, 1, static_cast<int>(within.count())) == 1;
  };
  outbox_.connected(1 << 20, 1000);
  outbox_.publish(*a, "x", kNow);
  ASSERT_TRUE(outbox_.take(kStart));
  EXPECT_EQ(outbox_.next_tick(), kNoDeadline) << "nothing is collected";
  EXPECT_FALSE(rings(milliseconds(0)));
  outbox_.publish(*a, "y", kNow);
  EXPECT_TRUE(rings(milliseconds(10'000))) << "the start is long ago";
  EXPECT_NE(outbox_.next_tick(), kNoDeadline);
}

/// Sends everything that is due.
class FakeSender : public Sender {
 public:
  explicit FakeSender(Outbox& outbox) : outbox_(outbox) {}
  void send_due() noexcept override {
    while (const auto publication = outbox_.take(kStart)) sent.push_back(*publication);
  }
  std::vector<Publication> sent;

 private:
  Outbox& outbox_;
};

TEST_F(OutboxTest, SendsAMessageOnItsOwnAtOnceAndLeavesOthersToWhoeverIsWoken) {
  const auto a = *outbox_.channel("a");
  const auto b = *outbox_.channel("b");
  const auto sender = std::make_shared<FakeSender>(outbox_);
  const auto woken = [&] {
    pollfd wakes{waker_->wake_fd(), POLLIN, 0};
    return ::poll(&wakes, 1, 0) == 1;
  };
  outbox_.send_through(sender);
  outbox_.connected(1 << 20, 1000);
  outbox_.publish(*a, "x", kNow);
  ASSERT_EQ(sender->sent.size(), 1u);
  outbox_.acknowledge(kStart, ack(sender->sent.back()));
  outbox_.publish(*a, "x", kNow);
  ASSERT_EQ(sender->sent.size(), 2u);
  EXPECT_FALSE(woken());
  outbox_.publish(*b, "x", kNow);
  EXPECT_EQ(sender->sent.size(), 2u) << "one is under way";
  EXPECT_TRUE(woken());
  EXPECT_EQ(outbox_.take(kStart)->topic, "b");
}

TEST_F(OutboxTest, LetsGoOfTheSenderWhenItIsClosed) {
  auto sender = std::make_shared<FakeSender>(outbox_);
  const std::weak_ptr<FakeSender> watch = sender;
  outbox_.send_through(std::move(sender));
  EXPECT_FALSE(watch.expired());
  outbox_.close();
  EXPECT_TRUE(watch.expired());
}

TEST_F(OutboxTest, CollectsOneTopicWithoutHoldingUpAnother) {
  const auto a = *outbox_.channel("a");
  const auto b = *outbox_.channel("b");
  outbox_.connected(1 << 20, 1000);
  outbox_.publish(*a, "x", kNow);
  EXPECT_TRUE(outbox_.take(kStart));
  outbox_.publish(*a, "x", kNow);
  outbox_.publish(*b, "x", kNow);
  EXPECT_EQ(outbox_.take(kStart)->topic, "b");
  EXPECT_FALSE(outbox_.take(kStart));
}

TEST_F(OutboxTest, ASmallTopicWaitsForOneBatchOfAFloodAtMost) {
  constexpr std::size_t kWindow = 1 << 17;
  const auto flood = *outbox_.channel("flood");
  const auto small = *outbox_.channel("small");
  outbox_.connected(kWindow, 1 << 16);
  for (int round = 1; round <= 20; ++round) {
    // As fast as it goes: the queue is full, and so is the window.
    while (outbox_.publish(*flood, std::string(1000, 'x'), kNow).ok()) {
    }
    std::vector<Publication> flying;
    while (auto publication = take_collected()) flying.push_back(*publication);
    ASSERT_GT(flying.size(), 1u);
    ASSERT_TRUE(outbox_.publish(*small, "x", kNow).ok());
    std::size_t passed = 0;
    std::optional<Publication> taken;
    for (const Publication& batch : flying) {
      outbox_.acknowledge(kStart, ack(batch));
      while ((taken = take_collected()) && taken->topic == "flood") {
        ++passed;
      }
      if (taken) break;
    }
    ASSERT_TRUE(taken) << "in round " << round;
    EXPECT_LE(passed, 1u) << "in round " << round;
    outbox_.disconnected();
    outbox_.connected(kWindow, 1 << 16);
  }
}

TEST_F(OutboxTest, AFloodThatFillsTheQueueLeavesRoomForASmallTopic) {
  const auto flood = *outbox_.channel("flood");
  const auto small = *outbox_.channel("small");
  const auto publish = [&](Channel& channel) {
    return outbox_.publish(channel, std::string(1000, 'x'), kNow).code();
  };
  while (publish(*flood) == StatusCode::kOk) {
  }
  std::size_t messages = 0;
  for (; publish(*small) == StatusCode::kOk; ++messages) {
    ASSERT_EQ(publish(*flood), StatusCode::kQueueFull);
  }
  EXPECT_GE(messages, 10u);
  EXPECT_LE(messages, (1u << 20) / 64 / 1000) << "it is not small any longer";
  // Nor is the queue without bound when there are many small ones.
  for (int i = 0; i < 1000; ++i) publish(**outbox_.channel("t" + std::to_string(i)));
  ClientStats stats;
  outbox_.count(stats);
  EXPECT_LE(stats.queued_bytes, (1u << 20) / 8 * 9);
  EXPECT_GT(stats.queued_bytes, 1u << 20);
}

TEST_F(OutboxTest, AMessageOnItsOwnGoesAtOnceBesideAnyNumberOfBusyTopics) {
  outbox_.connected(1 << 20, 1 << 16);
  std::vector<std::shared_ptr<Channel>> busy;
  for (int i = 0; i < 100; ++i) {
    busy.push_back(*outbox_.channel("busy" + std::to_string(i)));
    outbox_.publish(*busy.back(), "x", kNow);
    ASSERT_TRUE(outbox_.take(kStart));
    outbox_.publish(*busy.back(), "x", kNow);
  }
  EXPECT_FALSE(outbox_.take(kStart)) << "theirs are collected";
  const auto idle = *outbox_.channel("idle");
  for (int i = 0; i < 10; ++i) {
    outbox_.publish(*idle, "x", kNow);
    const auto taken = outbox_.take(kStart);
    ASSERT_TRUE(taken) << "time does not pass here";
    EXPECT_EQ(taken->topic, "idle");
    outbox_.acknowledge(kStart, ack(*taken));
  }
}

TEST_F(OutboxTest, ALostConnectionLeavesNothingToCollect) {
  const auto a = *outbox_.channel("a");
  outbox_.connected(1 << 20, 1000);
  outbox_.publish(*a, "x", kNow);
  outbox_.take(kStart);
  outbox_.publish(*a, "x", kNow);
  outbox_.disconnected();
  outbox_.tick(kStart + milliseconds(10));
  EXPECT_EQ(outbox_.next_tick(), kNoDeadline);
  outbox_.connected(1 << 20, 1000);
  EXPECT_EQ(outbox_.take(kStart)->first, 1u);
  EXPECT_EQ(take_collected()->first, 2u);
}

TEST_F(OutboxTest, ForgetsIdleTopicsAndNeverUsesANumberTwice) {
  outbox_.connected(1 << 20, 1000);
  std::set<std::pair<std::uint64_t, std::uint64_t>> numbers;  // publisher, number, of topic 0
  const auto kept = *outbox_.channel("kept");
  outbox_.publish(*kept, "x", kNow);
  const auto first = *outbox_.take(kStart);
  outbox_.acknowledge(kStart, ack(first));
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 1000; ++i) {
      const int topic = i == 0 ? 0 : round * 1000 + i;
      outbox_.publish(**outbox_.channel("t" + std::to_string(topic)), "x", kNow);
      const auto publication = *outbox_.take(kStart);
      if (topic == 0) {
        EXPECT_TRUE(numbers.emplace(publication.publisher, publication.first).second);
      }
      outbox_.acknowledge(kStart, ack(publication));
      EXPECT_FALSE(take_collected());
    }
  }
  outbox_.publish(*kept, "y", kNow);
  const auto again = *outbox_.take(kStart);
  EXPECT_EQ(again.publisher, first.publisher) << "a handle keeps its numbers";
  EXPECT_EQ(again.first, 2u);
  std::set<std::uint64_t> publishers;
  for (const auto& [publisher, number] : numbers) publishers.insert(publisher);
  EXPECT_GT(publishers.size(), 1u) << "a forgotten topic comes back under another id";
}

TEST_F(OutboxTest, SaysWithEachBatchWhereTheEarlierOnesWent) {
  Stream stream;
  stream.root[0] = 5;
  const auto a = *outbox_.channel("a");
  outbox_.connected(1000, 1000);
  outbox_.publish(*a, "x", kNow);
  const auto first = *outbox_.take(kStart);
  EXPECT_TRUE(first.stays.empty());
  PublishAck taken = ack(first);
  taken.stream = stream;
  taken.number = 12;
  outbox_.acknowledge(kStart, taken);
  outbox_.publish(*a, "y", kNow);
  const auto second = *outbox_.take(kStart + milliseconds(30));
  ASSERT_EQ(second.stays.size(), 1u);
  EXPECT_EQ(second.stays[0], (Stay<Stream>{1, 1, stream, 12, milliseconds(30)}));
}

TEST_F(OutboxTest, CountsWhatItHolds) {
  const auto a = *outbox_.channel("a");
  for (int i = 0; i < 10; ++i) outbox_.publish(*a, "0123456789", kNow);
  ClientStats stats;
  outbox_.count(stats);
  EXPECT_EQ(stats.published, 10u);
  EXPECT_EQ(stats.queued_bytes, 110 + Channel::kBatchCost);
  outbox_.connected(1000, 1000);
  const auto publication = *outbox_.take(kStart);
  outbox_.disconnected();
  outbox_.connected(1000, 1000);
  outbox_.take(kStart);
  outbox_.acknowledge(kStart, ack(publication));
  outbox_.count(stats);
  EXPECT_EQ(stats.queued_bytes, 0u);
  EXPECT_EQ(stats.acknowledged, 10u);
  EXPECT_EQ(stats.resent, 10u);
  EXPECT_EQ(stats.batches_sent, 2u);
}

}  // namespace
}  // namespace phyllo::internal
