// Three regions of two real brokers each. What crosses their borders is counted by the kernel.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <phyllo/client.h>

#include "tests/borders/deployment.h"
#include "tests/support/programs/witness.h"

namespace phyllo::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr const char* kTopic = "borders/numbers";
constexpr auto kPatience = seconds(60);
constexpr std::size_t kMessage = 1000;
/// What rings and registrations may send over one border during a test; no data.
constexpr std::uint64_t kControl = 100'000;

/// Counts what it receives, and how long the quickest message took.
class Listener {
 public:
  Listener(const std::vector<std::string>& brokers, const std::string& topic)
      : client_(brokers), subscription_(client_.subscribe(topic, [this](const Message& message) {
          const auto now = steady_clock::now().time_since_epoch().count();
          const auto sent = std::stoll(std::string(message.payload()));
          const std::lock_guard lock(mutex_);
          quickest_ = std::min(quickest_, steady_clock::duration(now - sent));
          ++received_;
        })) {}

  bool live() const { return subscription_.status().ok(); }
  std::uint64_t received() const {
    const std::lock_guard lock(mutex_);
    return received_;
  }
  bool has(std::uint64_t count) const {
    return eventually([&] { return received() >= count; }, kPatience);
  }
  steady_clock::duration quickest() const {
    const std::lock_guard lock(mutex_);
    return quickest_;
  }

 private:
  mutable std::mutex mutex_;
  std::uint64_t received_ = 0;
  steady_clock::duration quickest_ = steady_clock::duration::max();
  Client client_;
  Subscription subscription_;
};

/// When it was sent, and padding.
std::string message() {
  std::string text = std::to_string(steady_clock::now().time_since_epoch().count());
  text.resize(kMessage, ' ');
  return text;
}

class Regions : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = Borders::missing()) GTEST_SKIP() << *why;
    deployment_ = std::make_unique<Deployment>(std::vector<std::string>{"eu", "us", "ap"}, 2);
  }

  void start() { ASSERT_TRUE(deployment_->start()); }

  std::unique_ptr<Listener> listen(const std::string& site, int broker) {
    const Visit there = deployment_->visit(site);
    auto listener = std::make_unique<Listener>(deployment_->clients(site, broker), kTopic);
    EXPECT_TRUE(listener->live()) << site;
    return listener;
  }

  std::unique_ptr<Client> client(const std::string& site, int broker) {
    const Visit there = deployment_->visit(site);
    return std::make_unique<Client>(deployment_->clients(site, broker));
  }

  /// What crossed each border while `count` messages were published in eu and received by all.
  std::map<std::string, std::uint64_t> publish(
      std::uint64_t count, const std::vector<std::unique_ptr<Listener>>& listeners) {
    const auto source = client("eu", 1);
    Publisher publisher = source->publisher(kTopic);
    const std::uint64_t before = listeners.front()->received();
    EXPECT_TRUE(publisher.publish(message()).ok());  // finds the way
    EXPECT_TRUE(publisher.flush(kPatience).ok());
    for (const auto& listener : listeners) EXPECT_TRUE(listener->has(before + 1));
    const auto first = deployment_->crossed();
    for (std::uint64_t i = 0; i < count; ++i) {
      EXPECT_TRUE(publisher.publish(message(), kPatience).ok());
    }
    EXPECT_TRUE(publisher.flush(kPatience).ok());
    for (const auto& listener : listeners) EXPECT_TRUE(listener->has(before + 1 + count));
    auto crossed = deployment_->crossed();
    for (auto& [border, bytes] : crossed) {
      bytes -= first.at(border);
      std::cout << border << ' ' << bytes << " bytes for " << count * kMessage << " published\n";
    }
    return crossed;
  }

  std::unique_ptr<Deployment> deployment_;
};

TEST_F(Regions, OneCopyCrossesABorderBehindWhichSomebodySubscribes) {
  constexpr std::uint64_t kCount = 5'000;
  start();
  std::vector<std::unique_ptr<Listener>> listeners;
  for (const int broker : {0, 1, 0, 1}) listeners.push_back(listen("us", broker));
  for (const int broker : {0, 1}) listeners.push_back(listen("eu", broker));
  const auto crossed = publish(kCount, listeners);
  EXPECT_GE(crossed.at("eu>us"), kCount * kMessage);
  EXPECT_LE(crossed.at("eu>us"), kCount * kMessage * 11 / 10 + kControl) << "more than one copy";
  for (const auto& border : {"eu>ap", "ap>eu", "us>ap", "ap>us"}) {
    EXPECT_LE(crossed.at(border), kControl) << border << ": nobody subscribes in ap";
  }
  // Acknowledgements of TCP and of batches.
  EXPECT_LE(crossed.at("us>eu"), kCount * kMessage / 10 + kControl);
}

TEST_F(Regions, WhatOneRegionUsesStaysThere) {
  constexpr std::uint64_t kCount = 5'000;
  start();
  std::vector<std::unique_ptr<Listener>> listeners;
  for (const int broker : {0, 1}) listeners.push_back(listen("eu", broker));
  for (const auto& [border, bytes] : publish(kCount, listeners)) {
    EXPECT_LE(bytes, kControl) << border;
  }
}

TEST_F(Regions, InterestThatEndsIsWithdrawn) {
  constexpr std::uint64_t kCount = 2'000;
  start();
  std::vector<std::unique_ptr<Listener>> listeners;
  listeners.push_back(listen("eu", 0));
  {
    const auto far = listen("us", 0);
    const auto source = client("eu", 0);
    ASSERT_TRUE(source->publisher(kTopic).publish(message()).ok());
    ASSERT_TRUE(far->has(1));
    ASSERT_TRUE(listeners.front()->has(1));
  }
  const auto quiet = [&] {
    const auto crossed = publish(kCount, listeners);
    return crossed.at("eu>us") <= kControl;
  };
  EXPECT_TRUE(eventually(quiet, seconds(20)));
}

TEST_F(Regions, NothingIsLostOnceASubscriptionInAnotherRegionIsComplete) {
  constexpr int kRounds = 30;
  start();
  const auto source = client("eu", 0);
  for (int round = 0; round < kRounds; ++round) {
    const std::string topic = "rounds/" + std::to_string(round % 3);
    std::unique_ptr<Listener> far;
    {
      const Visit there = deployment_->visit("us");
      far = std::make_unique<Listener>(deployment_->clients("us", round % 2), topic);
      ASSERT_TRUE(far->live());
    }
    ASSERT_TRUE(source->publisher(topic).publish(message()).ok());
    ASSERT_TRUE(far->has(1)) << "round " << round;
  }
}

TEST_F(Regions, ARegionThatIsCutOffGoesOnAndMissesNothingInSilence) {
  start();
  std::unique_ptr<Witness> near;
  std::unique_ptr<Witness> far;
  {
    const Visit there = deployment_->visit("eu");
    near = std::make_unique<Witness>("near", deployment_->clients("eu", 0), kTopic);
  }
  {
    const Visit there = deployment_->visit("us");
    far = std::make_unique<Witness>("far", deployment_->clients("us", 0), kTopic);
  }
  ASSERT_TRUE(near->live());
  ASSERT_TRUE(far->live());
  const auto source = client("eu", 1);
  Publisher publisher = source->publisher(kTopic);
  std::uint64_t published = 0;
  const auto publish_for = [&](seconds length) {
    const auto end = steady_clock::now() + length;
    while (steady_clock::now() < end) {
      if (publisher.publish(std::to_string(published + 1), kPatience).ok()) ++published;
      doze();
    }
  };
  publish_for(seconds(1));
  ASSERT_TRUE(eventually([&] { return far->last() == published; }, kPatience));
  deployment_->borders().cut("eu", "us");
  deployment_->borders().cut("eu", "ap");
  publish_for(seconds(6));
  EXPECT_TRUE(eventually([&] { return near->last() == published; }, seconds(5)))
      << "the publishing region waits for nobody";
  EXPECT_LT(far->last(), published);
  deployment_->borders().restore();
  // Until the border works again nothing new arrives; then the newest does, and all before it.
  EXPECT_TRUE(eventually(
      [&] {
        publish_for(seconds(1));
        return far->last() + 300 > published;
      },
      seconds(90)));
  EXPECT_TRUE(publisher.flush(kPatience).ok());
  EXPECT_TRUE(eventually([&] { return far->last() == published; }, kPatience));
  for (const auto& witness : {near.get(), far.get()}) {
    for (const std::string& complaint : witness->complaints()) ADD_FAILURE() << complaint;
  }
  EXPECT_EQ(near->reported(), 0u);
  std::cout << "of " << published << " messages " << far->reported()
            << " were reported lost behind the border\n";
}

TEST_F(Regions, OnlyWhatCrossesABorderTakesTheTimeOfACrossing) {
  constexpr milliseconds kOneWay(250);
  deployment_->borders().delay(kOneWay);
  start();
  const auto near = listen("eu", 0);
  const auto far = listen("us", 0);
  const auto source = client("eu", 1);
  Publisher publisher = source->publisher(kTopic);
  auto quickest_ack = steady_clock::duration::max();
  for (int i = 0; i < 20; ++i) {
    const auto begin = steady_clock::now();
    ASSERT_TRUE(publisher.publish(message()).ok());
    ASSERT_TRUE(publisher.flush(kPatience).ok());
    quickest_ack = std::min(quickest_ack, steady_clock::now() - begin);
  }
  ASSERT_TRUE(near->has(20));
  ASSERT_TRUE(far->has(20));
  EXPECT_LT(near->quickest(), kOneWay);
  EXPECT_LT(quickest_ack, kOneWay);
  EXPECT_GE(far->quickest(), kOneWay);
  EXPECT_LT(far->quickest(), 2 * kOneWay) << "one crossing is enough";
}

}  // namespace
}  // namespace phyllo::test
