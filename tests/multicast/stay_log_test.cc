// What is remembered of where publications went.

#include "multicast/stay_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::multicast {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TopicId kNews = TopicId::of(TopicName::parse("news").value());
const TopicId kSport = TopicId::of(TopicName::parse("sport").value());
const StreamId kStream{overlay::NodeId(1), 0, 7};
const StreamId kOther{overlay::NodeId(2), 0, 9};
constexpr Time kStart{};

Batch batch(Sequence first, std::uint32_t count = 1) {
  return {9, first, count, Payload::from(std::string(36, 'x'))};
}

TEST(StayLog, AddsToWhatABatchSays) {
  StayLog log;
  log.taken(kStart, kNews, batch(4, 2), {kStream, 11});
  log.taken(kStart + 1s, kNews, batch(6), {kOther, 3});
  Batch next = batch(7);
  next.stays = {{1, 4, kOther, 2, 10s}};
  EXPECT_THAT(log.of(kStart + 3s, kNews, next, kStart + 2s),
              ElementsAre(Stay{1, 3, kOther, 2, 11s}, Stay{4, 5, kStream, 11, 3s},
                          Stay{6, 6, kOther, 3, 2s}));
  EXPECT_THAT(log.of(kStart + 3s, kSport, next, kStart + 3s), ElementsAre(next.stays[0]));
}

TEST(StayLog, LetsSomebodyElseKeepWhatItKnowsAndTakesItBack) {
  StayLog log;
  log.taken(kStart, kNews, batch(1, 5), {kStream, 11});
  PublisherStays stays = log.take(kNews, 9);
  EXPECT_EQ(log.size(), 0u);
  EXPECT_THAT(log.of(kStart, kNews, batch(6), kStart), IsEmpty());
  stays.taken(kStart + 1s, batch(6), {kStream, 12});
  EXPECT_THAT(stays.of(kStart + 3s, batch(7), kStart + 3s),
              ElementsAre(Stay{1, 6, kStream, 12, 2s}));
  log.put(kStart + 2s, kNews, stays);
  EXPECT_THAT(log.of(kStart + 3s, kNews, batch(7), kStart + 3s),
              ElementsAre(Stay{1, 6, kStream, 12, 2s}));
}

TEST(StayLog, KnowsNothingOfAStranger) {
  StayLog log;
  const PublisherStays stays = log.take(kNews, 9);
  EXPECT_EQ(stays.publisher(), 9u);
  EXPECT_THAT(stays.of(kStart, batch(1), kStart), IsEmpty());
}

TEST(StayLog, ForgetsWhoPublishedLongestAgo) {
  StayLog log;
  for (std::size_t i = 0; i <= StayLog::kCapacity; ++i) {
    log.taken(kStart, kNews, {i, 1, 1, {}}, {kStream, i});
  }
  EXPECT_EQ(log.size(), StayLog::kCapacity);
  EXPECT_THAT(log.of(kStart, kNews, {0, 2, 1, {}}, kStart), IsEmpty());
  log.taken(kStart + 11min, kNews, {5, 2, 1, {}}, {kStream, 1});
  EXPECT_EQ(log.size(), 1u);
}

}  // namespace
}  // namespace phyllo::multicast
