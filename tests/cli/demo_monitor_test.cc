#include "cli/demo/demo_monitor.h"

#include <gtest/gtest.h>

namespace phyllo::cli {
namespace {

constexpr std::uint64_t kOwn = 7;
constexpr DemoMonitor::Moment kBegin{std::chrono::hours(1)};

void receive(DemoMonitor& monitor, std::size_t subscriber, std::uint64_t number) {
  auto batch = std::make_shared<Message::Batch>();
  batch->topic = std::make_shared<const std::string>("a");
  batch->publisher = kOwn;
  monitor.received(subscriber, Message(batch, "latest", number, number));
}

TEST(DemoMonitor, SumsSubscribersOfARegionUp) {
  DemoMonitor monitor({"asia", "europe", "asia"});
  monitor.add_topic("a");
  monitor.published("a", kOwn, 1);
  for (std::size_t subscriber = 0; subscriber < 3; ++subscriber) receive(monitor, subscriber, 1);
  const DemoSnapshot snapshot = monitor.snapshot(kBegin);
  ASSERT_EQ(snapshot.regions.size(), 2u);
  EXPECT_EQ(snapshot.regions[0].name, "asia");
  EXPECT_EQ(snapshot.regions[0].brokers, 2u);
  EXPECT_EQ(snapshot.regions[0].subscribers, 2u);
  EXPECT_EQ(snapshot.regions[0].received, 2u);
  EXPECT_EQ(snapshot.regions[1].received, 1u);
  ASSERT_EQ(snapshot.topics.size(), 1u);
  EXPECT_EQ(snapshot.topics[0].published, 1u);
  EXPECT_EQ(snapshot.topics[0].subscribers, 3u);
  EXPECT_EQ(snapshot.topics[0].latest, "latest");
}

TEST(DemoMonitor, ShowsRates) {
  DemoMonitor monitor({"asia"});
  monitor.add_topic("a");
  receive(monitor, 0, 1);
  monitor.snapshot(kBegin);
  for (std::uint64_t number = 2; number <= 6; ++number) receive(monitor, 0, number);
  const DemoSnapshot snapshot = monitor.snapshot(kBegin + std::chrono::milliseconds(500));
  EXPECT_DOUBLE_EQ(snapshot.regions[0].rate, 10);
  EXPECT_DOUBLE_EQ(snapshot.topics[0].rate, 10);
}

TEST(Pace, IsZeroAtTheFirstLook) {
  Pace pace;
  EXPECT_EQ(pace.per_second(1000, kBegin), 0);
}

TEST(Pace, AveragesOverThreeSecondsOfFrequentLooks) {
  Pace pace;
  double rate = 0;
  for (int look = 0; look <= 20; ++look) {
    const std::uint64_t uneven = look % 2 == 0 ? 0 : 5;
    rate = pace.per_second(50 * look + uneven, kBegin + look * std::chrono::milliseconds(500));
    if (look >= 7) {
      EXPECT_NEAR(rate, 100, 2);
    }
  }
}

TEST(Pace, ForgetsWhatWasLongAgo) {
  Pace pace;
  pace.per_second(0, kBegin);
  pace.per_second(1000, kBegin + std::chrono::seconds(5));
  EXPECT_DOUBLE_EQ(pace.per_second(1000, kBegin + std::chrono::seconds(10)), 0);
}

TEST(DemoMonitor, ShowsHolesAndGapNoticesWhereTheyWereSeen) {
  DemoMonitor monitor({"asia", "europe"});
  monitor.add_topic("a");
  monitor.published("a", kOwn, 4);
  receive(monitor, 0, 4);
  monitor.lost("asia", Gap{});
  const DemoSnapshot snapshot = monitor.snapshot(kBegin);
  EXPECT_EQ(snapshot.regions[0].lost, 3u);
  EXPECT_EQ(snapshot.regions[0].gaps, 1u);
  EXPECT_EQ(snapshot.regions[1].lost, 0u);
  EXPECT_EQ(snapshot.topics[0].lost, 3u);
  EXPECT_EQ(monitor.outstanding(), 4u);
  EXPECT_EQ(monitor.gaps(), 1u);
}

}  // namespace
}  // namespace phyllo::cli
