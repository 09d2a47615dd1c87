#include "broker/core/backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "tests/broker/core/batches.h"

namespace phyllo::broker {
namespace {

using multicast::Gap;
using multicast::StreamBatch;
using testing::ElementsAre;

const LossPlace kHere{overlay::NodeId(9), "north"};

/// One line per item, e.g. "batch 3-4" or "gap 1-2 queue_limit".
std::string text_of(const Backlog::Item& item) {
  const auto range = [](auto first, auto last) {
    return std::to_string(first) + "-" + std::to_string(last);
  };
  if (const auto* batch = std::get_if<StreamBatch>(&item)) {
    return "batch " + range(batch->first, batch->first + batch->batch.count - 1);
  }
  const auto& gap = std::get<Gap>(item);
  return "gap " + range(gap.first, gap.last) + " " + to_string(gap.why);
}

std::vector<std::string> drain(Backlog& backlog) {
  std::vector<std::string> lines;
  while (!backlog.empty()) lines.push_back(text_of(backlog.pop()));
  return lines;
}

/// Room for `batches` batches of one 8-byte message.
std::size_t room_for(std::size_t batches) {
  return batches * (make_stream_batch(1).batch.body.size() + Backlog::kItemBytes);
}

Backlog filled(SlowPolicy policy, std::size_t room, multicast::Sequence last) {
  Backlog backlog(policy, room_for(room));
  for (multicast::Sequence i = 1; i <= last; ++i) {
    EXPECT_TRUE(backlog.push(make_stream_batch(i), kHere));
  }
  return backlog;
}

TEST(Backlog, KeepsEverythingInOrderWhileThereIsRoom) {
  Backlog backlog = filled(SlowPolicy::kDropOldest, 3, 3);
  EXPECT_EQ(backlog.bytes(), room_for(3));
  EXPECT_THAT(drain(backlog), ElementsAre("batch 1-1", "batch 2-2", "batch 3-3"));
  EXPECT_EQ(backlog.bytes(), 0u);
  EXPECT_EQ(backlog.take_dropped(), 0u);
}

TEST(Backlog, DropOldestPutsOneMergedGapInFrontOfWhatItKeeps) {
  // The gap notice itself takes room too, so of four batches' room three are kept.
  Backlog backlog = filled(SlowPolicy::kDropOldest, 4, 10);
  EXPECT_EQ(backlog.take_dropped(), 7u);
  EXPECT_THAT(drain(backlog),
              ElementsAre("gap 1-7 queue_limit", "batch 8-8", "batch 9-9", "batch 10-10"));
}

TEST(Backlog, DropNewestPutsTheGapBehindWhatItKeeps) {
  Backlog backlog = filled(SlowPolicy::kDropNewest, 2, 5);
  EXPECT_THAT(drain(backlog), ElementsAre("batch 1-1", "batch 2-2", "gap 3-5 queue_limit"));
}

TEST(Backlog, DropNewestTakesBatchesAgainOnceThereIsRoom) {
  Backlog backlog = filled(SlowPolicy::kDropNewest, 3, 5);
  backlog.pop();
  backlog.pop();
  EXPECT_TRUE(backlog.push(make_stream_batch(6), kHere));
  EXPECT_THAT(drain(backlog), ElementsAre("batch 3-3", "gap 4-5 queue_limit", "batch 6-6"));
}

TEST(Backlog, ConflateKeepsOnlyTheNewestBatchHoweverMuchRoomThereIs) {
  Backlog backlog = filled(SlowPolicy::kConflate, 100, 10);
  EXPECT_THAT(drain(backlog), ElementsAre("gap 1-9 queue_limit", "batch 10-10"));
}

TEST(Backlog, DisconnectRefusesTheBatchThatDoesNotFit) {
  Backlog backlog = filled(SlowPolicy::kDisconnect, 2, 2);
  EXPECT_FALSE(backlog.push(make_stream_batch(3), kHere));
}

TEST(Backlog, KeepsTheNewestBatchEvenIfItAloneIsOverTheLimit) {
  for (const auto policy : {SlowPolicy::kDropOldest, SlowPolicy::kDropNewest, SlowPolicy::kConflate,
                            SlowPolicy::kDisconnect}) {
    Backlog backlog(policy, 1);
    EXPECT_TRUE(backlog.push(make_stream_batch(1, 1, 5000), kHere));
    EXPECT_THAT(drain(backlog), ElementsAre("batch 1-1"));
  }
}

TEST(Backlog, TellsWhereAndWhyItDropped) {
  Backlog backlog = filled(SlowPolicy::kDropOldest, 1, 2);
  const auto gap = std::get<Gap>(backlog.pop());
  EXPECT_EQ(gap.where, kHere.node);
  EXPECT_EQ(gap.region, kHere.region);
  EXPECT_EQ(gap.stream, make_stream());
  EXPECT_EQ(gap.publisher, 0u);
}

TEST(Backlog, KeepsGapsFromElsewhereInTheirPlaceAndUnderTheirCause) {
  Backlog backlog(SlowPolicy::kDropOldest, room_for(3));
  EXPECT_TRUE(backlog.push(make_stream_batch(1), kHere));
  EXPECT_TRUE(backlog.push_gap(make_gap(2, 3, Gap::Why::kParentLost)));
  EXPECT_TRUE(backlog.push_gap(make_gap(4, 4, Gap::Why::kParentLost)));
  EXPECT_TRUE(backlog.push_gap(make_gap(5, 5, Gap::Why::kMissed)));
  EXPECT_TRUE(backlog.push(make_stream_batch(6), kHere));
  EXPECT_TRUE(backlog.push(make_stream_batch(7), kHere));
  EXPECT_THAT(drain(backlog), ElementsAre("gap 1-1 queue_limit", "gap 2-4 parent_lost",
                                          "gap 5-5 missed", "gap 6-6 queue_limit", "batch 7-7"));
}

TEST(Backlog, DoesNotMergeGapsOfDifferentStreamsOrPublishers) {
  Backlog backlog(SlowPolicy::kDropOldest, room_for(10));
  EXPECT_TRUE(backlog.push_gap(make_gap(1, 2, Gap::Why::kMissed, 1)));
  EXPECT_TRUE(backlog.push_gap(make_gap(3, 4, Gap::Why::kMissed, 2)));
  Gap of_publisher = make_gap(5, 6, Gap::Why::kMissed, 2);
  of_publisher.publisher = 77;
  EXPECT_TRUE(backlog.push_gap(of_publisher));
  EXPECT_THAT(drain(backlog), ElementsAre("gap 1-2 missed", "gap 3-4 missed", "gap 5-6 missed"));
}

TEST(Backlog, GivesUpRatherThanKeepGapsWithoutBound) {
  Backlog backlog(SlowPolicy::kDropOldest, room_for(2));
  std::uint32_t stream = 0;
  while (stream < 100'000 && backlog.push_gap(make_gap(1, 1, Gap::Why::kRootLost, ++stream))) {
  }
  EXPECT_LT(stream, 1'000u);
  EXPECT_LE(backlog.bytes(), Backlog::kGapBytes + Backlog::kItemBytes);
}

TEST(Backlog, MergesNeighboursOfAnyCauseBeforeItGivesUp) {
  Backlog backlog(SlowPolicy::kDropOldest, room_for(2));
  for (multicast::Sequence i = 1; i <= 10'000; ++i) {
    const auto why = i % 2 == 0 ? Gap::Why::kMissed : Gap::Why::kParentLost;
    ASSERT_TRUE(backlog.push_gap(make_gap(i, i, why))) << "at " << i;
  }
  EXPECT_LE(backlog.bytes(), Backlog::kGapBytes);
}

/// Whatever comes and goes: what is taken out accounts for every number once and in order.
void check_accounts_for_every_number(SlowPolicy policy, std::uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  const std::size_t limit = 200 + random.below(3'000);
  Backlog backlog(policy, limit);
  multicast::Sequence next = 1;
  multicast::Sequence seen = 0;
  const auto take = [&] {
    const auto item = backlog.pop();
    const auto* batch = std::get_if<StreamBatch>(&item);
    const auto* gap = std::get_if<Gap>(&item);
    EXPECT_EQ(batch != nullptr ? batch->first : gap->first, seen + 1);
    seen = batch != nullptr ? batch->first + batch->batch.count - 1 : gap->last;
  };
  for (int step = 0; step < 400; ++step) {
    const auto count = static_cast<std::uint32_t>(1 + random.below(4));
    const auto dice = random.below(10);
    if (dice < 6) {
      const std::size_t size = 1 + random.below(60);
      if (!backlog.push(make_stream_batch(next, count, size), kHere)) break;
      next += count;
      EXPECT_LE(backlog.bytes(), limit + 400 + Backlog::kGapBytes);
    } else if (dice < 8) {
      const auto why = random.chance(0.5) ? Gap::Why::kMissed : Gap::Why::kParentLost;
      ASSERT_TRUE(backlog.push_gap(make_gap(next, next + count - 1, why)));
      next += count;
    } else if (!backlog.empty()) {
      take();
    }
  }
  while (!backlog.empty()) take();
  EXPECT_EQ(seen, next - 1);
  EXPECT_EQ(backlog.bytes(), 0u);
}

TEST(Backlog, AccountsForEveryNumberUnderEachPolicy) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    for (const auto policy : {SlowPolicy::kDropOldest, SlowPolicy::kDropNewest,
                              SlowPolicy::kConflate, SlowPolicy::kDisconnect}) {
      check_accounts_for_every_number(policy, seed);
    }
  }
}

}  // namespace
}  // namespace phyllo::broker
