#include "sim/network/event_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

TEST(EventQueue, RunsEventsInOrderOfTimeAndThenOfEntry) {
  EventQueue queue;
  Random random(3);
  struct Ran {
    Time when;
    int entered;
  };
  std::vector<Ran> ran;
  for (int i = 0; i < 2000; ++i) {
    const Time when{Duration(random.below(50))};
    queue.at(when, [&ran, when, i] { ran.push_back({when, i}); });
  }
  EXPECT_TRUE(queue.run_until(Time{1s}));
  ASSERT_EQ(ran.size(), 2000u);
  for (std::size_t i = 1; i < ran.size(); ++i) {
    EXPECT_LE(ran[i - 1].when, ran[i].when);
    if (ran[i - 1].when == ran[i].when) {
      EXPECT_LT(ran[i - 1].entered, ran[i].entered);
    }
  }
  EXPECT_EQ(queue.now(), Time{1s});
}

TEST(EventQueue, AnEventInThePastHappensNowAndAfterThoseThatWereThere) {
  EventQueue queue;
  std::string order;
  queue.at(Time{5s}, [&] {
    queue.at(Time{1s}, [&] { order += 'c'; });
    order += 'a';
  });
  queue.at(Time{5s}, [&] { order += 'b'; });
  queue.run_until(Time{5s});
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(queue.now(), Time{5s});
}

TEST(EventQueue, StopsAtALimitOfEventsWithoutMovingTimeToTheEnd) {
  EventQueue queue;
  int ran = 0;
  for (int i = 1; i <= 10; ++i) queue.at(Time{i * 1s}, [&] { ++ran; });
  EXPECT_FALSE(queue.run_until(Time{20s}, 4));
  EXPECT_EQ(ran, 4);
  EXPECT_EQ(queue.now(), Time{4s});
  EXPECT_TRUE(queue.run_until(Time{20s}));
  EXPECT_EQ(ran, 10);
  EXPECT_EQ(queue.now(), Time{20s});
}

TEST(EventQueue, TellsTargetsTheirOwnNumbersAmongActions) {
  struct Listener final : EventQueue::Target {
    void due(std::uint64_t event) override { heard.push_back(event); }
    std::vector<std::uint64_t> heard;
  };
  EventQueue queue;
  Listener listener;
  queue.at(Time{2s}, listener, 7);
  queue.at(Time{1s}, [&] { listener.heard.push_back(0); });
  queue.at(Time{1s}, listener, 9);
  queue.run_until(Time{3s});
  EXPECT_EQ(listener.heard, (std::vector<std::uint64_t>{0, 9, 7}));
}

}  // namespace
}  // namespace phyllo::sim
