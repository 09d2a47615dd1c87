#include "multicast/tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/batch_body.h"

namespace phyllo::multicast {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const StreamId kOld{overlay::NodeId(1), 0, 1};
const StreamId kNew{overlay::NodeId(2), 0, 1};

StreamBatch batch(const StreamId& stream, Sequence first, std::uint32_t count,
                  PublisherId publisher, Sequence publisher_first) {
  BatchBodyWriter writer;
  for (std::uint32_t i = 0; i < count; ++i) writer.append(std::to_string(publisher_first + i));
  return {stream, first, {publisher, publisher_first, count, writer.take()}};
}

std::vector<std::pair<Sequence, Sequence>> ranges(const std::vector<Gap>& gaps) {
  std::vector<std::pair<Sequence, Sequence>> list;
  for (const Gap& gap : gaps) list.emplace_back(gap.first, gap.last);
  return list;
}

TEST(Tracker, TakesTheFirstBatchWhereverItBegins) {
  Tracker tracker;
  const auto reading = tracker.read({}, batch(kOld, 40, 2, 7, 9));
  EXPECT_TRUE(reading.deliver.has_value());
  EXPECT_THAT(reading.stream_gaps, IsEmpty());
  EXPECT_EQ(tracker.position()->next, 42u);
}

TEST(Tracker, ReportsAHoleBeforeWhatFollowsIt) {
  Tracker tracker;
  tracker.read({}, batch(kOld, 1, 2, 7, 1));
  const auto reading = tracker.read({}, batch(kOld, 6, 1, 8, 1));
  EXPECT_THAT(ranges(reading.stream_gaps), ElementsAre(std::pair(3u, 5u)));
  EXPECT_TRUE(reading.deliver.has_value());
}

TEST(Tracker, DropsWhatItHasSeen) {
  Tracker tracker;
  tracker.read({}, batch(kOld, 1, 4, 7, 1));
  const auto reading = tracker.read({}, batch(kOld, 2, 3, 7, 2));
  EXPECT_FALSE(reading.deliver.has_value());
  EXPECT_FALSE(reading.forward.has_value());
  EXPECT_EQ(reading.duplicates, 3u);
}

TEST(Tracker, CutsOffThePartOfABatchThatItHasSeen) {
  Tracker tracker;
  tracker.read({}, batch(kOld, 1, 4, 7, 1));
  const auto reading = tracker.read({}, batch(kOld, 3, 4, 7, 3));
  ASSERT_TRUE(reading.deliver.has_value());
  EXPECT_EQ(reading.deliver->first, 5u);
  EXPECT_EQ(reading.deliver->batch, batch(kOld, 5, 2, 7, 5).batch);
  EXPECT_EQ(reading.duplicates, 2u);
}

TEST(Tracker, PassesOnButDoesNotDeliverWhatAPublisherSentTwice) {
  Tracker tracker;
  tracker.read({}, batch(kOld, 1, 4, 7, 1));
  const auto reading = tracker.read({}, batch(kNew, 1, 4, 7, 1));
  EXPECT_FALSE(reading.deliver.has_value());
  EXPECT_TRUE(reading.forward.has_value());
}

TEST(Tracker, MissesTheTailOfAStreamThatANewOneContinues) {
  Tracker tracker;
  tracker.read({}, batch(kOld, 1, 4, 7, 1));
  const auto gaps = tracker.follow({}, {{kNew, 3}, StreamEnd{kOld, 6}}, Gap::Why::kParentLost);
  ASSERT_THAT(gaps, SizeIs(2));
  EXPECT_EQ(gaps[0].stream, kOld);
  EXPECT_EQ(gaps[1].stream, kNew);
  EXPECT_THAT(ranges(gaps), ElementsAre(std::pair(5u, 6u), std::pair(1u, 2u)));
}

TEST(Tracker, MissesNothingWhenAStreamIsContinuedInGoodOrder) {
  Tracker tracker;
  tracker.read({}, batch(kOld, 1, 4, 7, 1));
  EXPECT_THAT(tracker.follow({}, {{kNew, 1}, StreamEnd{kOld, 4}}, Gap::Why::kParentLost),
              IsEmpty());
  const auto reading = tracker.read({}, batch(kNew, 1, 1, 7, 5));
  EXPECT_TRUE(reading.deliver.has_value());
  EXPECT_THAT(reading.publisher_gaps, IsEmpty());
}

TEST(Tracker, SeesByPublishersNumbersWhatADeadRootTookWithIt) {
  Tracker tracker;
  tracker.read({}, batch(kOld, 1, 4, 7, 1));
  tracker.follow({}, {{kNew, 1}, {}}, Gap::Why::kRootLost);
  const auto reading = tracker.read({}, batch(kNew, 1, 1, 7, 8));
  ASSERT_THAT(ranges(reading.publisher_gaps), ElementsAre(std::pair(5u, 7u)));
  EXPECT_EQ(reading.publisher_gaps[0].why, Gap::Why::kRootLost);
  EXPECT_EQ(reading.publisher_gaps[0].publisher, 7u);
}

TEST(Tracker, RemembersAStreamThatItComesBackTo) {
  Tracker tracker;
  tracker.read({}, batch(kOld, 1, 4, 7, 1));
  tracker.follow({}, {{kNew, 1}, {}}, Gap::Why::kRootLost);
  const auto gaps = tracker.follow({}, {{kOld, 7}, {}}, Gap::Why::kParentLost);
  EXPECT_THAT(ranges(gaps), ElementsAre(std::pair(5u, 6u)));
}

TEST(Tracker, TakesItsParentsWordForALossOnce) {
  Tracker tracker;
  tracker.read({}, batch(kOld, 1, 4, 7, 1));
  Gap gap;
  gap.why = Gap::Why::kQueueLimit;
  gap.where = overlay::NodeId(9);
  gap.stream = kOld;
  gap.first = 3;
  gap.last = 8;
  const auto gaps = tracker.lose(gap);
  ASSERT_THAT(ranges(gaps), ElementsAre(std::pair(5u, 8u)));
  EXPECT_EQ(gaps[0].where, overlay::NodeId(9));
  EXPECT_THAT(tracker.lose(gap), IsEmpty());
}

TEST(PublisherLog, ForgetsTheQuietestWithoutInventingAGap) {
  PublisherLog log;
  for (PublisherId p = 1; p <= PublisherLog::kCapacity + 1; ++p) log.note({}, p, 1, 5, {});
  EXPECT_EQ(log.size(), PublisherLog::kCapacity);
  const auto entry = log.note({}, 1, 50, 1, {});
  EXPECT_FALSE(entry.missing.has_value());
  EXPECT_EQ(entry.seen, 0u);
  EXPECT_TRUE(log.note({}, 5, 50, 1, {}).missing.has_value());
}

TEST(PublisherLog, ForgetsWhoWasIdle) {
  PublisherLog log;
  log.note({}, 1, 1, 5, {});
  log.note(Time{} + PublisherLog::kIdle + std::chrono::seconds(1), 2, 1, 1, {});
  EXPECT_EQ(log.size(), 1u);
  EXPECT_FALSE(log.note(Time{} + PublisherLog::kIdle + std::chrono::seconds(1), 1, 1, 5, {}).known);
}

/// Whatever order batches and losses come in: nothing is delivered twice, each publisher's numbers
/// rise, and in one stream everything up to the reader's place was delivered or reported.
RC_GTEST_PROP(TrackerModel, DeliversOrReportsEverythingExactlyOnce, ()) {
  std::vector<StreamBatch> sent;
  Sequence next = 1;
  std::map<PublisherId, Sequence> numbers;
  for (int i = 0; i < 30; ++i) {
    const auto publisher = *rc::gen::inRange<PublisherId>(1, 4);
    const auto count = *rc::gen::inRange<std::uint32_t>(1, 4);
    sent.push_back(batch(kOld, next, count, publisher, numbers[publisher] + 1));
    next += count;
    numbers[publisher] += count;
  }
  Tracker tracker;
  tracker.follow({}, {{kOld, 1}, {}}, Gap::Why::kMissed);
  std::multiset<Sequence> seen;
  std::map<PublisherId, Sequence> last;
  const auto note = [&](const std::vector<Gap>& gaps) {
    for (const Gap& gap : gaps) {
      for (Sequence n = gap.first; n <= gap.last; ++n) seen.insert(n);
    }
  };
  std::size_t at = 0;
  for (int step = 0; step < 60; ++step) {
    // Mostly the next one, sometimes a jump back or ahead.
    const auto jump = *rc::gen::weightedElement<int>({{8, 1}, {1, 3}, {1, -2}});
    at = static_cast<std::size_t>(std::clamp<int>(static_cast<int>(at) + jump, 0, 29));
    const auto reading = tracker.read({}, sent[at]);
    note(reading.stream_gaps);
    if (!reading.deliver) continue;
    for (std::uint32_t i = 0; i < reading.deliver->batch.count; ++i) {
      seen.insert(reading.deliver->first + i);
    }
    RC_ASSERT(reading.deliver->batch.publisher_first > last[reading.deliver->batch.publisher]);
    last[reading.deliver->batch.publisher] =
        reading.deliver->batch.publisher_first + reading.deliver->batch.count - 1;
  }
  for (Sequence n = 1; n < tracker.position()->next; ++n) RC_ASSERT(seen.count(n) == 1u);
}

}  // namespace
}  // namespace phyllo::multicast
