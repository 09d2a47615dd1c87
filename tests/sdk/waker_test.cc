#include "sdk/src/waker.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "sdk/src/poller.h"

namespace phyllo::internal {
namespace {

using namespace std::chrono_literals;

constexpr Poller::News kWoken = 1;
constexpr Poller::News kAlarm = 2;

bool readable(int fd) {
  pollfd item{fd, POLLIN, 0};
  return ::poll(&item, 1, 0) == 1;
}

class WakerTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(poller_.add(waker_.wake_fd(), kWoken));
    ASSERT_TRUE(poller_.add(waker_.alarm_fd(), kAlarm));
  }

  Waker waker_;
  Poller poller_;
};

TEST_F(WakerTest, WakesAgainOnlyOnceSomebodyWasWoken) {
  waker_.wake();
  EXPECT_EQ(poller_.wait(), kWoken);
  waker_.wake();
  waker_.wake_by(Clock::now());
  EXPECT_EQ(poller_.wait(), kAlarm) << "the one that was woken has not looked yet";
  waker_.woken();
  waker_.wake();
  EXPECT_EQ(poller_.wait(), kWoken);
}

TEST_F(WakerTest, WakesAtTheEarliestOfTheTimes) {
  waker_.wake_by(Clock::now() + 1h);
  waker_.wake_by(Clock::now() + 1ms);
  waker_.wake_by(Clock::now() + 1h);
  EXPECT_EQ(poller_.wait(), kAlarm);
}

TEST_F(WakerTest, WakesAtOnceForATimeThatHasPassed) {
  waker_.wake_by(Instant::min());
  EXPECT_EQ(poller_.wait(), kAlarm);
}

TEST_F(WakerTest, IsSetAnewOnceItHasRung) {
  waker_.wake_by(Clock::now());
  EXPECT_EQ(poller_.wait(), kAlarm);
  waker_.rung();
  waker_.wake_by(Clock::now() + 1ms);
  EXPECT_EQ(poller_.wait(), kAlarm);
}

TEST_F(WakerTest, NeverRingsWithoutATime) {
  waker_.wake_by(kNoDeadline);
  EXPECT_FALSE(readable(waker_.alarm_fd()));
  waker_.wake();
  EXPECT_EQ(poller_.wait(), kWoken);
}

TEST(Poller, TellsEachPieceOfNewsToOneThread) {
  constexpr int kRounds = 200;
  Waker waker;
  Poller poller;
  ASSERT_TRUE(poller.add(waker.wake_fd(), kWoken));
  std::atomic<int> told{0};
  std::atomic<bool> stop{false};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!stop) {
        if (poller.wait() != kWoken) continue;
        waker.woken();
        ++told;
        told.notify_all();
      }
      waker.wake();  // the next one
    });
  }
  for (int round = 0; round < kRounds; ++round) {
    waker.wake();
    told.wait(round);
    ASSERT_EQ(told, round + 1);
  }
  stop = true;
  waker.wake();
}

TEST(Poller, TellsNothingOfWhatWasTakenOut) {
  Waker gone;
  Waker waker;
  Poller poller;
  ASSERT_TRUE(poller.add(gone.wake_fd(), kAlarm));
  ASSERT_TRUE(poller.add(waker.wake_fd(), kWoken));
  gone.wake();
  poller.remove(gone.wake_fd());
  waker.wake();
  EXPECT_EQ(poller.wait(), kWoken);
  EXPECT_FALSE(poller.add(waker.wake_fd(), kWoken)) << "it is in there already";
}

}  // namespace
}  // namespace phyllo::internal
