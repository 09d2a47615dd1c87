// What is remembered of publications after a root took them.

#include "multicast/recent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "multicast/stay_log.h"

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
  return {9, first, count, Payload::from(std::string(36, 'x'))};  // costs 100
}

std::vector<Sequence> numbers(const std::vector<Recent::Kept>& kept) {
  std::vector<Sequence> numbers;
  for (const auto& [batch, since] : kept) numbers.push_back(batch.publisher_first);
  return numbers;
}

TEST(Recent, GivesATopicsBatchesBackOnceAndInOrder) {
  Recent recent({.time = 2s, .topic_bytes = 1000, .bytes = 1000});
  recent.add(kStart, kNews, batch(1));
  recent.add(kStart, kSport, batch(5));
  recent.add(kStart + 1s, kNews, batch(2));
  EXPECT_EQ(recent.bytes(), 300u);
  EXPECT_THAT(numbers(recent.take(kStart + 1s, kNews)), ElementsAre(1, 2));
  EXPECT_THAT(recent.take(kStart + 1s, kNews), IsEmpty());
  EXPECT_EQ(recent.bytes(), 100u);
}

TEST(Recent, ForgetsWithTime) {
  Recent recent({.time = 2s, .topic_bytes = 1000, .bytes = 1000});
  recent.add(kStart, kNews, batch(1));
  recent.add(kStart + 1s, kNews, batch(2));
  EXPECT_THAT(numbers(recent.take(kStart + 2500ms, kNews)), ElementsAre(2));
  recent.add(kStart + 3s, kNews, batch(3));
  recent.add(kStart + 9s, kSport, batch(1));
  EXPECT_EQ(recent.bytes(), 100u) << "whoever adds makes room of what is too old";
}

TEST(Recent, KeepsWithinTheBoundOfEachTopic) {
  Recent recent({.time = 2s, .topic_bytes = 250, .bytes = 1000});
  for (Sequence i = 1; i <= 5; ++i) recent.add(kStart, kNews, batch(i));
  recent.add(kStart, kSport, batch(1));
  EXPECT_EQ(recent.bytes(), 300u);
  EXPECT_THAT(numbers(recent.take(kStart, kNews)), ElementsAre(4, 5));
}

TEST(Recent, KeepsWithinTheBoundOverAllTopicsTheOldestGoing) {
  Recent recent({.time = 2s, .topic_bytes = 250, .bytes = 400});
  for (Sequence i = 1; i <= 100; ++i) {
    recent.add(kStart, TopicId::of(*TopicName::parse("t/" + std::to_string(i))), batch(i));
    EXPECT_LE(recent.bytes(), 400u);
  }
  EXPECT_THAT(recent.take(kStart, TopicId::of(*TopicName::parse("t/96"))), IsEmpty());
  EXPECT_THAT(numbers(recent.take(kStart, TopicId::of(*TopicName::parse("t/97")))),
              ElementsAre(97));
}

TEST(Recent, HasNoRoomForOneThatIsTooLargeNorForWhatCameBeforeIt) {
  Recent recent({.time = 2s, .topic_bytes = 250, .bytes = 400});
  recent.add(kStart, kNews, batch(1));
  recent.add(kStart, kNews, {9, 2, 1, Payload::from(std::string(300, 'x'))});
  EXPECT_THAT(recent.take(kStart, kNews), IsEmpty()) << "a hole must not arise";
  EXPECT_EQ(recent.bytes(), 0u);
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
