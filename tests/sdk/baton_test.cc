#include "sdk/src/baton.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

namespace phyllo::internal {
namespace {

TEST(Baton, GoesToTheFirstAndToNobodyElse) {
  Baton baton;
  EXPECT_TRUE(baton.take_up(1));
  EXPECT_FALSE(baton.take_up(2));
  EXPECT_EQ(baton.read(), 3u);
  EXPECT_EQ(baton.put_down(), 0u);
  EXPECT_TRUE(baton.take_up(4));
  EXPECT_EQ(baton.read(), 4u) << "what was read counts as seen to";
}

TEST(Baton, SaysWhatCameSinceTheHolderLooked) {
  Baton baton;
  ASSERT_TRUE(baton.take_up(1));
  baton.read();
  EXPECT_FALSE(baton.take_up(2));
  baton.add(4);
  EXPECT_FALSE(baton.left()) << "it is the holder's";
  EXPECT_EQ(baton.put_down(), 6u);
  EXPECT_TRUE(baton.left());
  ASSERT_TRUE(baton.take_up(0));
  EXPECT_FALSE(baton.left());
  EXPECT_EQ(baton.read(), 6u);
  EXPECT_EQ(baton.put_down(), 0u);
  EXPECT_FALSE(baton.left());
}

TEST(Baton, BeginsWithNewsThatNobodySeesTo) {
  Baton baton(1);
  EXPECT_TRUE(baton.left());
  EXPECT_TRUE(baton.take_up(0));
  EXPECT_EQ(baton.read(), 1u);
}

TEST(Baton, SeveralThreadsLeaveNothingUndoneAndAreNeverInItTogether) {
  constexpr int kThreads = 3;
  constexpr int kRounds = 5'000;
  Baton baton;
  std::atomic<int> brought{0};
  std::atomic<int> wrong{0};
  int done = 0;  // the holder's, without a lock
  std::barrier together(kThreads);
  const auto bring = [&] {
    for (int round = 1; round <= kRounds; ++round) {
      together.arrive_and_wait();
      ++brought;
      Baton::News news = 1;
      while (news != 0 && baton.take_up(news)) {
        baton.read();
        done += brought.exchange(0);
        std::this_thread::yield();
        news = baton.put_down();
      }
      together.arrive_and_wait();
      if (baton.left() || done != round * kThreads) ++wrong;
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(bring);
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace phyllo::internal
