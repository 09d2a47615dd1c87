// Three regions of two real brokers each, and real programs. What crosses their borders is counted
// by the kernel.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/borders/deployment.h"
#include "tests/borders/listener.h"

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

using Listeners = std::vector<std::unique_ptr<Listener>>;

class Regions : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = Borders::missing()) GTEST_SKIP() << *why;
    deployment_ = std::make_unique<Deployment>(std::vector<std::string>{"eu", "us", "ap"}, 2);
  }

  std::unique_ptr<Listener> listen(const std::string& site, int broker,
                                   const std::string& topic = kTopic) {
    const Visit there = deployment_->visit(site);
    const auto output = scratch_.path() / (std::to_string(++programs_) + ".sub");
    auto listener = std::make_unique<Listener>(output, deployment_->clients(site, broker), topic);
    EXPECT_TRUE(listener->live()) << site << ' ' << text_of(output);
    return listener;
  }

  /// A program that publishes so many messages in eu and ends when the root has them.
  std::unique_ptr<ChildProcess> publisher(std::uint64_t count, std::vector<std::string> more,
                                          const std::string& topic = kTopic) {
    const Visit there = deployment_->visit("eu");
    std::vector<std::string> words{"pub", "--wait", "30s", "--count", std::to_string(count)};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back(topic);
    words.emplace_back(kMessage, 'x');
    return std::make_unique<ChildProcess>(
        phyllo_command(std::move(words), deployment_->clients("eu", 1)), pub_log());
  }
  void publish(std::uint64_t count, const std::string& topic = kTopic) {
    const auto end = publisher(count, {}, topic)->wait(kPatience);
    ASSERT_TRUE(end && end->status == 0 && end->signal == 0) << text_of(pub_log());
  }
  std::filesystem::path pub_log() const { return scratch_.path() / "pub.log"; }

  /// What crossed each border while `count` messages were published in eu and received by all.
  std::map<std::string, std::uint64_t> crossed_by(std::uint64_t count, const Listeners& listeners) {
    const std::uint64_t before = listeners.front()->received();
    publish(1);  // finds the way
    for (const auto& listener : listeners) EXPECT_TRUE(listener->has(before + 1));
    const auto first = deployment_->crossed();
    publish(count);
    for (const auto& listener : listeners) EXPECT_TRUE(listener->has(before + 1 + count));
    auto crossed = deployment_->crossed();
    for (auto& [border, bytes] : crossed) {
      bytes -= first.at(border);
      std::cout << border << ' ' << bytes << " bytes for " << count * kMessage << " published\n";
    }
    return crossed;
  }

  /// What the brokers of a site say that they have sent to another one.
  double metered(const std::string& from, const std::string& to) const {
    const Visit there = deployment_->visit(from);
    double sum = 0;
    for (const int broker : {0, 1}) {
      for (const std::string kind : {"data", "control"}) {
        const std::string labels =
            "{from=\"" + from + "\",to=\"" + to + "\",kind=\"" + kind + "\"}";
        const auto bytes =
            deployment_->broker(from, broker).metric("phyllo_border_bytes_total" + labels);
        EXPECT_TRUE(bytes.has_value()) << labels;
        sum += bytes.value_or(0);
      }
    }
    return sum;
  }

  ScratchFolder scratch_;
  std::unique_ptr<Deployment> deployment_;
  int programs_ = 0;
};

TEST_F(Regions, OneCopyCrossesABorderBehindWhichSomebodySubscribes) {
  constexpr std::uint64_t kCount = 5'000;
  ASSERT_TRUE(deployment_->start());
  Listeners listeners;
  for (const int broker : {0, 1, 0, 1}) listeners.push_back(listen("us", broker));
  for (const int broker : {0, 1}) listeners.push_back(listen("eu", broker));
  const auto crossed = crossed_by(kCount, listeners);
  EXPECT_GE(crossed.at("eu>us"), kCount * kMessage);
  EXPECT_LE(crossed.at("eu>us"), kCount * kMessage * 11 / 10 + kControl) << "more than one copy";
  for (const auto& border : {"eu>ap", "ap>eu", "us>ap", "ap>us"}) {
    EXPECT_LE(crossed.at(border), kControl) << border << ": nobody subscribes in ap";
  }
  // Acknowledgements of TCP and of batches.
  EXPECT_LE(crossed.at("us>eu"), kCount * kMessage / 10 + kControl);
  // The kernel counts the headers of IP, TCP and ZeroMQ as well.
  // A broker tells of its last snapshot.
  EXPECT_TRUE(eventually([&] { return metered("eu", "us") > kCount * kMessage; }, kPatience));
  const auto ours = metered("eu", "us");
  const auto kernel = static_cast<double>(deployment_->crossed().at("eu>us"));
  EXPECT_LT(ours, kernel);
  EXPECT_GT(ours, kernel * 0.95 - kControl);
  std::cout << "eu>us so far: " << kernel << " bytes by the kernel, " << ours
            << " by the brokers\n";
}

TEST_F(Regions, WhatOneRegionUsesStaysThere) {
  ASSERT_TRUE(deployment_->start());
  Listeners listeners;
  for (const int broker : {0, 1}) listeners.push_back(listen("eu", broker));
  for (const auto& [border, bytes] : crossed_by(5'000, listeners)) {
    EXPECT_LE(bytes, kControl) << border;
  }
}

TEST_F(Regions, InterestThatEndsIsWithdrawn) {
  ASSERT_TRUE(deployment_->start());
  Listeners listeners;
  listeners.push_back(listen("eu", 0));
  {
    const auto far = listen("us", 0);
    publish(1);
    ASSERT_TRUE(far->has(1));
    ASSERT_TRUE(listeners.front()->has(1));
  }
  EXPECT_TRUE(eventually([&] { return crossed_by(2'000, listeners).at("eu>us") <= kControl; },
                         seconds(20)));
}

TEST_F(Regions, NothingIsLostOnceASubscriptionInAnotherRegionIsComplete) {
  constexpr int kRounds = 20;
  ASSERT_TRUE(deployment_->start());
  for (int round = 0; round < kRounds; ++round) {
    const std::string topic = "rounds/" + std::to_string(round % 3);
    const auto far = listen("us", round % 2, topic);
    publish(1, topic);
    ASSERT_TRUE(far->has(1)) << "round " << round;
  }
}

TEST_F(Regions, ARegionThatIsCutOffGoesOnAndMissesNothingInSilence) {
  ASSERT_TRUE(deployment_->start());
  const auto near = listen("eu", 0);
  const auto far = listen("us", 0);
  const auto source = publisher(1'000'000, {"--interval", "5ms"});
  ASSERT_TRUE(near->has(100));
  ASSERT_TRUE(far->has(100));
  deployment_->borders().cut("eu", "us");
  deployment_->borders().cut("eu", "ap");
  const std::uint64_t at_the_cut = near->received();
  ASSERT_TRUE(near->has(at_the_cut + 1000)) << "the publishing region waits for nobody";
  const std::uint64_t behind = far->received();
  EXPECT_LT(behind, at_the_cut + 100);
  deployment_->borders().restore();
  EXPECT_TRUE(eventually([&] { return far->heard().last > at_the_cut + 1000; }, kPatience));
  source->signal(SIGINT);
  source->wait(kPatience);
  EXPECT_TRUE(eventually([&] { return far->heard().last == near->heard().last; }, kPatience));
  for (const auto& listener : {near.get(), far.get()}) {
    EXPECT_EQ(listener->heard().complaint, "");
  }
  EXPECT_EQ(near->heard().reported, 0u);
  std::cout << "of " << near->heard().last << " messages " << far->heard().reported
            << " were reported lost behind the border\n";
}

/// So long a border is that brokers need three seconds to connect. The quickest of several, for the
/// machine may be busy with other things.
TEST_F(Regions, OnlyWhatCrossesABorderTakesTheTimeOfACrossing) {
  constexpr milliseconds kOneWay(400);
  deployment_->borders().delay(kOneWay);
  ASSERT_TRUE(deployment_->start());
  const auto near = listen("eu", 0);
  const auto far = listen("us", 0);
  using Took = steady_clock::duration;
  Took acknowledged = Took::max();
  Took heard_near = Took::max();
  Took heard_far = Took::max();
  for (std::uint64_t i = 1; i <= 6; ++i) {
    const auto begin = steady_clock::now();
    const auto took = [&] { return steady_clock::now() - begin; };
    publish(1);
    acknowledged = std::min(acknowledged, took());
    ASSERT_TRUE(near->has(i));
    heard_near = std::min(heard_near, took());
    ASSERT_TRUE(far->has(i));
    heard_far = std::min(heard_far, took());
  }
  EXPECT_LT(acknowledged, kOneWay);
  EXPECT_LT(heard_near, kOneWay);
  EXPECT_GE(heard_far, kOneWay);
  EXPECT_LT(heard_far, 2 * kOneWay) << "one crossing is enough";
}

}  // namespace
}  // namespace phyllo::test
