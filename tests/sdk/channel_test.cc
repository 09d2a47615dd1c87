#include "sdk/src/channel.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

namespace phyllo::internal {
namespace {

constexpr std::size_t kBatch = 64 * 1024;
constexpr Instant kStart{std::chrono::seconds(100)};

void append(Channel& channel, int messages) {
  for (int i = 0; i < messages; ++i) channel.append("x", kBatch);
}

/// As if the time to collect had passed right after.
Publication take(Channel& channel) {
  Publication taken = channel.take(kStart);
  channel.stop_collecting();
  return taken;
}

TEST(Channel, SendsEachMessageAtOnceWhileLittleIsUnderWay) {
  Channel channel("t", 7);
  EXPECT_FALSE(channel.due());
  for (std::uint64_t i = 1; i <= 10; ++i) {
    append(channel, 1);
    ASSERT_TRUE(channel.due());
    const Publication& sent = take(channel);
    EXPECT_EQ(sent.first, i);
    EXPECT_EQ(sent.count, 1u);
    EXPECT_EQ(sent.publisher, 7u);
    EXPECT_FALSE(channel.due());
  }
}

TEST(Channel, CollectsForAMomentWhatComesRightAfterABatch) {
  Channel channel("t", 7);
  append(channel, 1);
  channel.take(kStart);
  EXPECT_GT(channel.collects_until(), kStart);
  append(channel, 1);
  EXPECT_FALSE(channel.due());
  channel.acknowledge(1);
  EXPECT_FALSE(channel.due()) << "there is company to come";
  append(channel, 1);
  channel.stop_collecting();
  ASSERT_TRUE(channel.due());
  EXPECT_EQ(channel.take(kStart).count, 2u);
}

TEST(Channel, CollectsNothingOnceAllIsAcknowledged) {
  Channel channel("t", 7);
  for (std::uint64_t i = 1; i <= 10; ++i) {
    append(channel, 1);
    ASSERT_TRUE(channel.due());
    channel.take(kStart);
    channel.acknowledge(i);
    EXPECT_EQ(channel.collects_until(), kNoDeadline);
  }
}

TEST(Channel, CollectsNoMoreThanALargeBatch) {
  Channel channel("t", 7);
  append(channel, 1);
  channel.take(kStart);
  while (!channel.due()) append(channel, 1);
  EXPECT_EQ(channel.due_bytes(), kBatch);
}

TEST(Channel, CollectsMoreWhenMuchIsUnderWay) {
  Channel channel("t", 7);
  const std::string large(1 << 20, 'x');
  channel.append(large, kBatch);
  channel.take(kStart);
  while (!channel.due()) channel.append("x", 8 * kBatch);
  EXPECT_GT(channel.due_bytes(), large.size() / 4);
  EXPECT_LT(channel.due_bytes(), large.size() / 2);
}

TEST(Channel, CollectsNothingWhenTheConnectionIsLost) {
  Channel channel("t", 7);
  append(channel, 1);
  channel.take(kStart);
  channel.rewind();
  EXPECT_EQ(channel.collects_until(), kNoDeadline);
  EXPECT_TRUE(channel.due());
}

TEST(Channel, AsksForLargerBatchesTheMoreAreUnderWay) {
  Channel channel("t", 7);
  std::vector<std::uint32_t> counts;
  for (int i = 0; i < 200'000; ++i) {
    channel.append("0123456789", kBatch);
    if (channel.due()) counts.push_back(take(channel).count);
  }
  EXPECT_EQ(counts.front(), 1u);
  EXPECT_TRUE(std::is_sorted(counts.begin(), counts.end()));
  EXPECT_LT(counts.size(), 200u);
}

TEST(Channel, AcknowledgementsMakeAnOpenBatchDueAgain) {
  Channel channel("t", 7);
  for (append(channel, 1); channel.due(); append(channel, 1)) take(channel);
  channel.acknowledge(1);
  EXPECT_TRUE(channel.due());
}

TEST(Channel, FullBatchesAreAsLargeAsTheyMayBeWhenTheyAreClosed) {
  Channel channel("t", 7);
  const std::string kilobyte(1000, 'x');
  for (int i = 0; i < 200; ++i) channel.append(kilobyte, 2 * kBatch);
  channel.append(kilobyte, kBatch);  // less than the open batch has by now
  EXPECT_EQ(channel.take(kStart).count, 2 * kBatch / 1002);
  EXPECT_EQ(channel.take(kStart).count, 200 - 2 * kBatch / 1002);
  EXPECT_EQ(channel.take(kStart).count, 1u);
}

TEST(Channel, CountsWhatEndsAndClipsWhatWasNeverSent) {
  Channel channel("t", 7);
  channel.append("abc", kBatch);
  const std::size_t cost = 4 + Channel::kBatchCost;
  channel.take(kStart);
  channel.append("later", kBatch);
  const auto ended = channel.acknowledge(1'000'000);
  EXPECT_EQ(ended.messages, 1u);
  EXPECT_EQ(ended.flying_batches, 1u);
  EXPECT_EQ(ended.flying_bytes, 4u);
  EXPECT_EQ(ended.queue_bytes, cost);
  EXPECT_EQ(channel.acknowledged(), 1u);
  EXPECT_FALSE(channel.idle());
}

TEST(Channel, AnAcknowledgementOfPartOfABatchKeepsTheBatch) {
  Channel channel("t", 7);
  channel.append("a", kBatch);
  channel.append("b", kBatch);
  EXPECT_EQ(channel.take(kStart).count, 2u);
  EXPECT_EQ(channel.acknowledge(1).messages, 0u);
  EXPECT_EQ(channel.acknowledge(2).messages, 2u);
}

TEST(Channel, TheNewBrokersRootMayKnowMoreThanWasSentAgain) {
  Channel channel("t", 7);
  for (int i = 0; i < 3; ++i) {
    channel.append("x", kBatch);
    channel.take(kStart);
  }
  EXPECT_EQ(channel.rewind(), 3u);
  EXPECT_EQ(channel.acknowledge(2).messages, 2u);
  EXPECT_EQ(channel.take(kStart).first, 3u);
}

/// Whatever is appended, sent, lost and acknowledged, and when: the batches taken on one connection
/// are consecutive, start at the first unacknowledged message, and cost what the queue was charged.
RC_GTEST_PROP(ChannelProperty, NumbersAreConsecutiveAndCostsAddUp, ()) {
  Channel channel("t", 7);
  std::size_t charged = 0;
  std::uint64_t next = 1;  // expected on this connection
  std::uint64_t acked = 0;
  std::uint64_t appended = 0;
  std::deque<std::uint64_t> ends;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 11));
  for (const int step : steps) {
    if (step < 5) {
      const std::string payload(*rc::gen::inRange<std::size_t>(0, 40'000), 'x');
      // The limit moves with the pace of acknowledgements.
      const std::size_t batch = kBatch << *rc::gen::inRange(0, 3);
      charged += channel.cost_of(payload, batch);
      channel.append(payload, batch);
      ++appended;
    } else if (step < 8) {
      if (!channel.due()) continue;
      const std::size_t bytes = channel.due_bytes();
      const Publication& sent = channel.take(kStart);
      RC_ASSERT(sent.body.size() == bytes);
      RC_ASSERT(sent.first == next);
      next = sent.last() + 1;
      ends.push_back(sent.last());
    } else if (step == 8) {
      if (ends.empty()) continue;
      acked = ends.front();
      ends.pop_front();
      charged -= channel.acknowledge(acked).queue_bytes;
      RC_ASSERT(channel.acknowledged() == acked);
    } else if (step == 9) {
      channel.stop_collecting();
    } else {
      channel.rewind();
      ends.clear();
      next = acked + 1;
    }
  }
  charged -= channel.acknowledge(next - 1).queue_bytes;
  for (channel.stop_collecting(); channel.due();) {
    const Publication& sent = take(channel);
    RC_ASSERT(sent.first == next);
    next = sent.last() + 1;
    charged -= channel.acknowledge(sent.last()).queue_bytes;
  }
  RC_ASSERT(channel.acknowledged() == appended);
  RC_ASSERT(charged == 0u);
  RC_ASSERT(channel.idle());
}

}  // namespace
}  // namespace phyllo::internal
