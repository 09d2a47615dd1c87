#include "regions/topic_traffic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::regions {
namespace {

using testing::SizeIs;

multicast::TopicId topic(const std::string& name) {
  return multicast::TopicId::of(*TopicName::parse(name));
}

TEST(BusiestTopics, AreKnownExactlyWhileThereIsRoom) {
  BusiestTopics topics(3);
  topics.add(topic("a"), 5);
  topics.add(topic("b"), 7);
  topics.add(topic("a"), 4);
  EXPECT_THAT(topics.list(), testing::ElementsAre(BusiestTopics::Entry{topic("a"), 9, 0},
                                                  BusiestTopics::Entry{topic("b"), 7, 0}));
}

TEST(BusiestTopics, AreFoundAmongManyMore) {
  BusiestTopics topics(10);
  std::uint64_t all = 0;
  for (int round = 0; round < 100; ++round) {
    for (int other = 0; other < 20; ++other) {
      topics.add(topic("other/" + std::to_string(round * 20 + other)), 10);
      all += 10;
    }
    topics.add(topic("busy/1"), 200);
    topics.add(topic("busy/2"), 150);
    all += 350;
  }
  const auto list = topics.list();
  EXPECT_THAT(list, SizeIs(10));
  const std::uint64_t most_excess = all / 10;
  EXPECT_EQ(list[0].topic, topic("busy/1"));
  EXPECT_EQ(list[1].topic, topic("busy/2"));
  for (const auto& [entry, really] : {std::pair{list[0], 20'000u}, {list[1], 15'000u}}) {
    EXPECT_GE(entry.bytes, really);
    EXPECT_LE(entry.bytes - entry.excess, really);
    EXPECT_LE(entry.excess, most_excess);
  }
}

TEST(TopicTraffic, IsKeptForEachRegion) {
  TopicTraffic traffic;
  traffic.add("us", topic("a"), 5);
  traffic.add("eu", topic("a"), 7);
  traffic.add("us", topic("b"), 6);
  const auto list = traffic.list();
  ASSERT_THAT(list, SizeIs(3));
  EXPECT_EQ(list[0].to, "eu");
  EXPECT_EQ(list[0].topic, (BusiestTopics::Entry{topic("a"), 7, 0}));
  EXPECT_EQ(list[1].topic, (BusiestTopics::Entry{topic("b"), 6, 0}));
  EXPECT_EQ(list[2].topic, (BusiestTopics::Entry{topic("a"), 5, 0}));
}

TEST(TopicTraffic, StaysSmallHoweverManyTopicsAndRegionsThereAre) {
  TopicTraffic traffic;
  for (int region = 0; region < 300; ++region) {
    for (int each = 0; each < 100; ++each) {
      traffic.add(std::to_string(region), topic(std::to_string(each)), 1);
    }
  }
  EXPECT_THAT(traffic.list(), SizeIs(TopicTraffic::kRegions * TopicTraffic::kTopics));
}

}  // namespace
}  // namespace phyllo::regions
