// What a program makes of what its brokers send.

#include "sim/cluster/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/batch_body.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using multicast::Gap;
using multicast::Sequence;
using multicast::Stay;
using multicast::StreamBatch;
using multicast::StreamId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const StreamId kStream{overlay::NodeId(1), 0, 7};
const StreamId kOther{overlay::NodeId(2), 0, 9};
const StreamId kStrange{overlay::NodeId(3), 0, 9};
constexpr Time kStart{};
using Ranges = std::vector<std::pair<Sequence, Sequence>>;

StreamBatch batch(const StreamId& stream, Sequence first, Sequence publisher_first,
                  std::vector<Stay> stays = {}) {
  BatchBodyWriter body;
  body.append("x");
  return {stream, first, {9, publisher_first, 1, body.take(), std::move(stays)}};
}

Gap gap(const StreamId& stream, multicast::PublisherId publisher, Sequence first, Sequence last) {
  Gap gap;
  gap.stream = stream;
  gap.publisher = publisher;
  gap.first = first;
  gap.last = last;
  return gap;
}

Ranges ranges(const std::vector<Gap>& gaps, multicast::PublisherId publisher) {
  Ranges ranges;
  for (const Gap& gap : gaps) {
    EXPECT_EQ(gap.publisher, publisher);
    ranges.emplace_back(gap.first, gap.last);
  }
  return ranges;
}

TEST(Reader, TellsOfAGapOnceAndOfNoNumbersThatTheBrokerLeavesOut) {
  Reader reader(kStart, {kStream, 5});
  EXPECT_EQ(reader.read(gap(kStream, 0, 5, 6)), gap(kStream, 0, 5, 6));
  EXPECT_EQ(reader.read(gap(kStream, 0, 5, 6)), std::nullopt);
  EXPECT_EQ(reader.read(gap(kStream, 0, 6, 7)), gap(kStream, 0, 7, 7));
  const auto reading = reader.read(kStart, batch(kStream, 9, 3));
  EXPECT_THAT(reading.missed, IsEmpty());
  EXPECT_TRUE(reading.fresh);
}

TEST(Reader, TellsOfWhatAStrangerLostElsewhereSinceItBegan) {
  Reader reader(kStart, {kStream, 5});
  const auto reading = reader.read(
      kStart + 5s, batch(kStream, 5, 6, {{1, 3, kOther, 40, 6s}, {4, 5, kStrange, 2, 4s}}));
  EXPECT_THAT(ranges(reading.missed, 9), ElementsAre(std::pair(4u, 5u)));
}

TEST(Reader, TellsOfAPublishersHoleOnlyWhatTheStreamsDidNotTell) {
  Reader reader(kStart, {kStream, 5});
  reader.read(kStart, batch(kStream, 5, 1));
  reader.read(gap(kStream, 0, 6, 7));  // two messages, of whomever
  const auto reading = reader.read(
      kStart, batch(kOther, 1, 6, {{1, 4, kStream, 8, 1s}, {5, 5, kStrange, 1, 500ms}}));
  EXPECT_THAT(ranges(reading.missed, 9), ElementsAre(std::pair(4u, 4u), std::pair(5u, 5u)));
}

TEST(Reader, TakesABrokersWordForAPublishersHole) {
  Reader reader(kStart, {kStream, 5});
  reader.read(kStart, batch(kStream, 5, 1));
  EXPECT_EQ(reader.read(gap(kOther, 9, 1, 3)), gap(kOther, 9, 2, 3));
  const auto reading = reader.read(kStart, batch(kOther, 1, 4));
  EXPECT_THAT(reading.missed, IsEmpty());
  EXPECT_TRUE(reading.fresh);
}

// The broker may serve this reader for a shorter time than it has been there.
TEST(Reader, JudgesByTheStaysWhatABrokerLeftOutBeforeAGap) {
  Reader reader(kStart, {kStream, 1});
  EXPECT_TRUE(reader.read(gap(kStream, 9, 4, 5)));
  EXPECT_FALSE(reader.read(gap(kStream, 9, 4, 5)));
  const auto first = reader.read(
      kStart + 5s, batch(kStream, 1, 6,
                         {{1, 1, kOther, 1, 9s}, {2, 3, kOther, 3, 4s}, {4, 5, kStrange, 2, 2s}}));
  EXPECT_THAT(ranges(first.missed, 9), ElementsAre(std::pair(2u, 3u)));
  EXPECT_TRUE(reader.read(gap(kStream, 9, 9, 9)));
  const auto second = reader.read(kStart + 6s, batch(kStream, 2, 10, {{7, 9, kStrange, 9, 1s}}));
  EXPECT_THAT(ranges(second.missed, 9), ElementsAre(std::pair(7u, 8u)));
}

TEST(Reader, PassesOnWhatIsNewOfABatch) {
  Reader reader(kStart, {kStream, 5});
  reader.read(kStart, batch(kStream, 5, 1));
  EXPECT_FALSE(reader.read(kStart, batch(kStream, 5, 1)).fresh);
  EXPECT_FALSE(reader.read(kStart, batch(kOther, 1, 1)).fresh);
  EXPECT_TRUE(reader.read(kStart, batch(kOther, 2, 2)).fresh);
}

}  // namespace
}  // namespace phyllo::sim
