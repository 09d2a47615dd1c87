#include "sdk/src/dispatcher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "sdk/src/poller.h"

namespace phyllo::internal {
namespace {

using namespace std::chrono_literals;

class Once : public Work {
 public:
  explicit Once(std::function<void()> what) : what_(std::move(what)) {}
  bool run() noexcept override {
    what_();
    return false;
  }

 private:
  const std::function<void()> what_;
};

/// Connections that have nothing to do but what the test gives them.
class DispatcherTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(poller_.add(waker_->wake_fd(), 1)); }
  void TearDown() override { EXPECT_TRUE(dispatcher_->stop(kNoDeadline)); }

  void start(std::size_t callbacks) {
    dispatcher_->start(callbacks, [this] { return serve(); });
  }
  /// Of the next thread that serves; returns whether there is more to do.
  void when_served(std::function<bool()> what) {
    leave(std::move(what));
    waker_->wake();
  }
  /// The same, but nobody is told.
  void leave(std::function<bool()> what) {
    const std::lock_guard lock(mutex_);
    next_ = std::move(what);
  }
  void post(std::function<void()> what) {
    dispatcher_->post(std::make_shared<Once>(std::move(what)));
  }
  template <class Value>
  static bool comes(std::future<Value>& future) {
    return future.wait_for(10s) == std::future_status::ready;
  }

  std::atomic<int> wakings_{0};
  const std::shared_ptr<Waker> waker_ = std::make_shared<Waker>();
  const std::shared_ptr<Dispatcher> dispatcher_ = std::make_shared<Dispatcher>(waker_);

 private:
  bool serve() {
    poller_.wait();
    ++wakings_;
    waker_->woken();
    std::function<bool()> what;
    {
      const std::lock_guard lock(mutex_);
      what = std::exchange(next_, nullptr);
    }
    return what && what();
  }

  Poller poller_;
  std::mutex mutex_;
  std::function<bool()> next_;
};

TEST_F(DispatcherTest, WhatBecomesReadyToWhoServesWakesNoOtherThread) {
  constexpr int kRounds = 200;
  start(1);
  for (int i = 0; i < kRounds; ++i) {
    std::promise<void> ran;
    auto done = ran.get_future();
    when_served([&] {
      post([&] { ran.set_value(); });
      return false;
    });
    ASSERT_TRUE(comes(done));
  }
  EXPECT_EQ(wakings_, kRounds);
}

TEST_F(DispatcherTest, OneThreadIsLeftToServeWhateverCallbacksDo) {
  constexpr int kCallbacks = 3;
  start(kCallbacks);
  std::promise<void> release;
  const auto released = release.get_future().share();
  std::atomic<int> inside{0};
  for (int i = 0; i < 2 * kCallbacks; ++i) {
    post([&, released] {
      ++inside;
      inside.notify_all();
      released.wait();
    });
  }
  for (int now = inside; now < kCallbacks; now = inside) inside.wait(now);
  for (int i = 0; i < 100; ++i) {
    std::promise<void> served;
    auto seen = served.get_future();
    when_served([&] {
      served.set_value();
      return false;
    });
    ASSERT_TRUE(comes(seen));
  }
  EXPECT_EQ(inside, kCallbacks) << "no more than that at once";
  release.set_value();
  for (int now = inside; now < 2 * kCallbacks; now = inside) inside.wait(now);
}

TEST_F(DispatcherTest, AnotherThreadSeesToWhatIsLeftWhileThisOneIsInACallback) {
  start(1);
  std::promise<void> served;
  auto seen = served.get_future().share();
  std::promise<bool> result;
  auto came = result.get_future();
  when_served([&] {
    post([&, seen] { result.set_value(seen.wait_for(10s) == std::future_status::ready); });
    leave([&] {
      served.set_value();
      return false;
    });
    return true;
  });
  ASSERT_TRUE(comes(came));
  EXPECT_TRUE(came.get());
}

TEST_F(DispatcherTest, WhatBecomesReadyTogetherRunsOnAsManyThreadsAsMay) {
  start(2);
  for (int i = 0; i < 20; ++i) {
    std::promise<void> first;
    std::promise<void> second;
    auto first_runs = first.get_future().share();
    auto second_runs = second.get_future().share();
    std::promise<bool> result;
    auto together = result.get_future();
    when_served([&] {
      post([&, second_runs] {
        first.set_value();
        result.set_value(second_runs.wait_for(10s) == std::future_status::ready);
      });
      post([&, first_runs] {
        first_runs.wait();
        second.set_value();
      });
      return false;
    });
    ASSERT_TRUE(together.get());
  }
}

TEST_F(DispatcherTest, ACallbackCanWaitForWhatItPosts) {
  start(2);
  std::promise<void> ran;
  auto inner = ran.get_future().share();
  std::promise<bool> result;
  auto outer = result.get_future();
  when_served([&] {
    post([&, inner] {
      post([&] { ran.set_value(); });
      result.set_value(inner.wait_for(10s) == std::future_status::ready);
    });
    return false;
  });
  ASSERT_TRUE(comes(outer));
  EXPECT_TRUE(outer.get());
}

TEST_F(DispatcherTest, RunsWhatAProgramPosts) {
  start(1);
  for (int i = 0; i < 100; ++i) {
    std::promise<void> ran;
    auto done = ran.get_future();
    post([&] { ran.set_value(); });
    ASSERT_TRUE(comes(done));
  }
}

}  // namespace
}  // namespace phyllo::internal
