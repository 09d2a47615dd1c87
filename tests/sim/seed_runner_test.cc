#include "sim/experiment/seed_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

#include "base/random.h"

namespace phyllo::sim {
namespace {

using ::testing::ElementsAre;

class Heard final : public Progress {
 public:
  void update(const Advance& advance) override {
    const std::lock_guard lock(mutex_);
    phases.emplace_back(advance.phase);
    done.push_back(advance.done);
    events = std::max(events, advance.events);
  }
  std::vector<std::string> phases;
  std::vector<double> done;
  std::uint64_t events = 0;

 private:
  std::mutex mutex_;
};

/// Draws from its seed's dice, a while after having been asked.
std::uint64_t draw(std::uint64_t seed) {
  phyllo::Random random(seed);
  std::uint64_t last = 0;
  for (int i = 0; i < 1000; ++i) last = random.next();
  return last;
}

TEST(SeedRunner, ReturnsOutcomesInTheOrderOfTheSeedsHoweverManyThreads) {
  Heard heard;
  const std::vector<std::uint64_t> seeds{5, 3, 9, 1, 7};
  std::vector<std::uint64_t> expected;
  for (const std::uint64_t seed : seeds) expected.push_back(draw(seed));
  for (const unsigned threads : {1u, 2u, 16u}) {
    const auto found = run_seeds<std::uint64_t>(
        {seeds, threads}, heard, [](std::uint64_t seed, SeedProgress&) { return draw(seed); });
    EXPECT_EQ(found, expected) << threads;
  }
}

class Impatient final : public Progress {
 public:
  void update(const Advance&) override { stop_ = true; }
  bool stop_wanted() const override { return stop_; }

 private:
  std::atomic<bool> stop_{false};
};

TEST(SeedRunner, BeginsNoFurtherSeedOnceItShouldStop) {
  Impatient progress;
  const Runs runs{{5, 3, 9}, 1};
  const auto found =
      run_seeds<std::uint64_t>(runs, progress, [](std::uint64_t seed, SeedProgress& mine) {
        mine.update("running", .5, EventQueue());
        return seed;
      });
  EXPECT_THAT(found, ElementsAre(5));
  EXPECT_THAT(seeds_run(runs, found), ElementsAre(5));
}

TEST(SeedRunner, AbandonsTheRunsThatAllowItOnceItShouldStop) {
  Impatient progress;
  const Runs runs{{5, 3, 9}, 1};
  std::vector<std::string> reached;
  const auto found =
      run_seeds<std::uint64_t>(runs, progress, [&](std::uint64_t seed, SeedProgress& mine) {
        if (seed == 5) return seed;
        EventQueue queue;
        mine.may_abandon(queue);
        reached.push_back("begun");
        progress.update({});
        for (int i = 0; i < 100'000; ++i) queue.after(Duration(i), [] {});
        queue.run_until(Time(Duration(100'000)));
        reached.push_back("through its events");
        return seed;
      });
  EXPECT_THAT(found, ElementsAre(5));
  EXPECT_THAT(reached, ElementsAre("begun"));
}

TEST(SeedRunner, AbandonsARunAtItsNextUpdate) {
  Impatient progress;
  const auto found =
      run_seeds<std::uint64_t>({{5, 3}, 1}, progress, [](std::uint64_t seed, SeedProgress& mine) {
        EventQueue queue;
        mine.may_abandon(queue);
        mine.update("running", .5, queue);
        ADD_FAILURE() << "seed " << seed << " goes on";
        return seed;
      });
  EXPECT_TRUE(found.empty());
}

TEST(SeedRunner, TellsTheWholeOfWhichEachSeedIsAPart) {
  Heard heard;
  run_seeds<int>({{1, 2}, 1}, heard, [](std::uint64_t, SeedProgress& progress) {
    EventQueue queue;
    for (int i = 0; i < 10; ++i) queue.after(Duration(i), [] {});
    queue.run_until(Time(Duration(100)));
    progress.next_world(0, .5);
    progress.update("joining", 1, queue);
    progress.next_world(.5, 1);
    EventQueue next;
    next.after(Duration(1), [] {});
    next.run_until(Time(Duration(100)));
    progress.update("dying", 1, next);
    return 0;
  });
  EXPECT_THAT(heard.phases,
              ElementsAre("joining, seed 1", "dying, seed 1", "joining, seed 2", "dying, seed 2"));
  EXPECT_THAT(heard.done, ElementsAre(.25, .5, .75, 1));
  EXPECT_EQ(heard.events, 22u);
}

TEST(Median, IsTheMiddleOneOrTheMeanOfTheTwoInTheMiddle) {
  EXPECT_EQ(median({3}), 3);
  EXPECT_EQ(median({9, 1, 5}), 5);
  EXPECT_EQ(median({9, 1, 5, 7}), 6);
}

}  // namespace
}  // namespace phyllo::sim
