#include "sim/scenario/measurement.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sim/scenario/cloud_regions.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Time kBegin = Time(100s);
constexpr multicast::PublisherId kPublisher = 1;

/// Two subscriptions to one topic with a message a second.
class MeasurementTest : public testing::Test {
 protected:
  MeasurementTest() {
    scenario_.duration = 60s;
    scenario_.topics = {{.name = "a", .rate = 1, .publishers = {1}, .subscribers = {2}}};
    measurement_ = std::make_unique<Measurement>(scenario_);
    one_ = measurement_->add_subscription(0);
    other_ = measurement_->add_subscription(0);
    measurement_->begin(kBegin, kBegin + 60s);
  }

  /// Published in this second, heard 10 ms later.
  void hear(std::size_t subscription, int second) {
    const Time sent = kBegin + std::chrono::seconds(second);
    measurement_->delivered(sent + 10ms, subscription, kPublisher,
                            static_cast<multicast::Sequence>(second + 1), sent);
  }
  void publish_all() {
    for (int second = 0; second < 60; ++second) {
      measurement_->published(0, kBegin + std::chrono::seconds(second));
    }
  }

  Scenario scenario_;
  std::unique_ptr<Measurement> measurement_;
  std::size_t one_ = 0;
  std::size_t other_ = 0;
};

TEST_F(MeasurementTest, CallsASilenceAnInterruptionOnlyWhenItIsUnusual) {
  publish_all();
  for (int second = 0; second < 60; ++second) {
    if (second == 20) measurement_->struck(kBegin + 20s, "fault");
    if (second < 20 || second >= 22) hear(one_, second);  // three seconds

    if (second != 30) hear(other_, second);  // twice the usual is still usual
  }
  measurement_->finish(kBegin + 60s);
  ASSERT_EQ(measurement_->aftermaths().size(), 1u);
  const Aftermath& after = measurement_->aftermaths()[0];
  EXPECT_EQ(after.at, Duration(20s));
  EXPECT_EQ(after.interrupted, 1u);
  EXPECT_EQ(after.still_silent, 0u);
  EXPECT_EQ(after.recovered, Duration(2s + 10ms));
  EXPECT_EQ(after.longest_silence, Duration(3s));
  EXPECT_EQ(after.missed, 3u);
}

TEST_F(MeasurementTest, CountsWhoIsSilentWhenTheTimeIsOver) {
  publish_all();
  for (int second = 0; second < 60; ++second) {
    if (second == 20) measurement_->struck(kBegin + 20s, "fault");
    if (second < 20) hear(one_, second);
    hear(other_, second);
  }
  measurement_->finish(kBegin + 60s);
  const Aftermath& after = measurement_->aftermaths()[0];
  EXPECT_EQ(after.interrupted, 1u);
  EXPECT_EQ(after.still_silent, 1u);
  EXPECT_EQ(after.recovered, Duration::zero());
}

TEST_F(MeasurementTest, GivesEachFaultItsOwnTime) {
  publish_all();
  for (int second = 0; second < 60; ++second) {
    if (second == 20) measurement_->struck(kBegin + 20s, "first");
    if (second == 40) measurement_->struck(kBegin + 40s, "second");
    if (second < 40 || second >= 45) hear(one_, second);
    hear(other_, second);
  }
  measurement_->finish(kBegin + 60s);
  ASSERT_EQ(measurement_->aftermaths().size(), 2u);
  EXPECT_EQ(measurement_->aftermaths()[0].interrupted, 0u);
  EXPECT_EQ(measurement_->aftermaths()[1].interrupted, 1u);
}

TEST_F(MeasurementTest, CountsADeliveryOnceAndOnlyOfMessagesFromItsTime) {
  measurement_->delivered(kBegin + 1s, one_, kPublisher, 5, kBegin - 1s);  // published before
  measurement_->delivered(kBegin + 2s, one_, kPublisher, 6, kBegin + 1s);
  measurement_->delivered(kBegin + 3s, one_, kPublisher, 6, kBegin + 1s);  // again, after a move
  EXPECT_EQ(measurement_->topics()[0].delivered, 1u);
  EXPECT_NEAR(std::chrono::duration<double>(measurement_->topics()[0].delays.quantile(.5)).count(),
              1.0, 0.02);
}

TEST(Delays, KnowTheirQuantilesToTwoPercent) {
  Delays delays;
  EXPECT_EQ(delays.quantile(.5), Duration::zero());
  for (int i = 1; i <= 1000; ++i) delays.add(std::chrono::milliseconds(i));
  for (const double part : {.01, .5, .99, 1.}) {
    const double seconds = std::chrono::duration<double>(delays.quantile(part)).count();
    EXPECT_NEAR(seconds, part, part * .021);
  }
}

TEST(CloudRegions, AreAsFarThereAsBack) {
  for (std::size_t a = 0; a < cloud::names().size(); ++a) {
    for (std::size_t b = 0; b < cloud::names().size(); ++b) {
      const auto there = cloud::round_trip(a, b);
      const auto back = cloud::round_trip(b, a);
      EXPECT_EQ(there > Duration::zero(), a != b);
      EXPECT_LE(std::max(there, back), std::min(there, back) * 1.3)
          << cloud::names()[a] << " " << cloud::names()[b];
    }
  }
  EXPECT_EQ(cloud::round_trip(*cloud::find("eastus"), *cloud::find("westeurope")), 89ms);
  EXPECT_EQ(cloud::price_per_gb(*cloud::find("eastus"), *cloud::find("westeurope")), .05);
  EXPECT_EQ(cloud::find("atlantis"), std::nullopt);
}

TEST(CloudRegions, AreAllNamedInTheDocumentation) {
  std::ostringstream text;
  text << std::ifstream(PHYLLO_SOURCE_DIR "/docs/simulation.md").rdbuf();
  for (const std::string& name : cloud::names()) {
    EXPECT_NE(text.str().find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace phyllo::sim
