// A topic that must stay inside two of three regions of real brokers. What crosses their borders is
// counted by the kernel.

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "tests/borders/deployment.h"
#include "tests/borders/listener.h"

namespace phyllo::test {
namespace {

using std::chrono::duration;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr const char* kTopic = "patients/7";
constexpr auto kPatience = seconds(60);
constexpr std::uint64_t kMessages = 5'000;  // of each publisher, one after the other
constexpr std::uint64_t kRounds = 5;
constexpr std::size_t kMessage = 1000;
/// What rings need by themselves is little: so many packets take some seconds.
constexpr std::uint64_t kPackets = 60;

class FencedTopic : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = Borders::missing()) GTEST_SKIP() << *why;
    deployment_ =
        std::make_unique<Deployment>(std::vector<std::string>{"eu", "us", "ap"}, 2,
                                     "topics: [{match: patients/#, regions: [eu, us]}]\n");
  }

  std::unique_ptr<Listener> listen(const std::string& site, int broker) {
    const Visit there = deployment_->visit(site);
    const auto output = scratch_.path() / (site + std::to_string(broker) + ".sub");
    return std::make_unique<Listener>(output, deployment_->clients(site, broker), kTopic);
  }
  /// A program that publishes messages of the topic at a site, one after the other.
  std::unique_ptr<ChildProcess> publisher(const std::string& site, std::uint64_t count) {
    const Visit there = deployment_->visit(site);
    return std::make_unique<ChildProcess>(
        phyllo_command({"pub", "--wait", "30s", "--count", std::to_string(count), kTopic,
                        std::string(kMessage, 'x')},
                       deployment_->clients(site, 1)),
        pub_log());
  }
  std::filesystem::path pub_log() const { return scratch_.path() / "pub.log"; }
  /// Over all borders of ap.
  Crossed outside() const {
    Crossed sum;
    for (const char* other : {"eu", "us"}) {
      for (const Crossed& way : {deployment_->borders().crossed(other, "ap"),
                                 deployment_->borders().crossed("ap", other)}) {
        sum.packets += way.packets;
        sum.bytes += way.bytes;
      }
    }
    return sum;
  }
  /// Of messages with a body, by the brokers of ap themselves.
  double data_outside() const {
    const Visit there = deployment_->visit("ap");
    double sum = 0;
    for (const int broker : {0, 1}) {
      for (const std::string way : {"{from=\"eu\",to=\"ap\"", "{from=\"ap\",to=\"eu\"",
                                    "{from=\"us\",to=\"ap\"", "{from=\"ap\",to=\"us\""}) {
        const auto bytes = deployment_->broker("ap", broker)
                               .metric("phyllo_border_bytes_total" + way + ",kind=\"data\"}");
        EXPECT_TRUE(bytes.has_value()) << way;
        sum += bytes.value_or(0);
      }
    }
    return sum;
  }

  struct Rate {
    Crossed crossed;
    double seconds;
    double bytes_per_second() const { return static_cast<double>(crossed.bytes) / seconds; }
  };
  /// While `done` is waited for.
  template <class Condition>
  Rate rate_until(Condition done) {
    const Crossed before = outside();
    const auto begin = steady_clock::now();
    EXPECT_TRUE(eventually(done, kPatience));
    const double took = duration<double>(steady_clock::now() - begin).count();
    return {outside() - before, took};
  }

  ScratchFolder scratch_;
  std::unique_ptr<Deployment> deployment_;
};

TEST_F(FencedTopic, IsWithoutATraceOutsideHoweverMuchIsPublishedInside) {
  ASSERT_TRUE(deployment_->start());
  const auto near = listen("eu", 0);
  const auto far = listen("us", 0);
  ASSERT_TRUE(near->live() && far->live());
  // What the rings need by themselves: so many packets come in some time.
  const Crossed start = outside();
  const Rate idle = rate_until([&] { return (outside() - start).packets >= kPackets; });
  std::uint64_t published = 0;
  const Crossed flood_start = outside();
  const Rate flood = rate_until([&] {
    if (published == kRounds * kMessages) return (outside() - flood_start).packets >= kPackets;
    EXPECT_EQ(publisher("eu", kMessages)->wait(kPatience).has_value(), true) << text_of(pub_log());
    published += kMessages;
    return false;
  });
  EXPECT_TRUE(far->has(published));
  EXPECT_TRUE(near->has(published));
  std::cout << "ap's borders, idle: " << idle.bytes_per_second() << " bytes/s in "
            << idle.crossed.packets << " packets; while " << published * kMessage
            << " bytes of the topic were published: " << flood.bytes_per_second() << " bytes/s in "
            << flood.crossed.packets << " packets\n";
  EXPECT_LT(flood.crossed.bytes, 2 * idle.crossed.bytes);
  EXPECT_EQ(data_outside(), 0);
}

TEST_F(FencedTopic, IsRefusedToProgramsOutside) {
  ASSERT_TRUE(deployment_->start());
  const auto source = publisher("ap", 1);
  const auto end = source->wait(kPatience);
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->status, 1);
  EXPECT_NE(text_of(pub_log()).find("must not be used in region ap, only in eu, us"),
            std::string::npos)
      << text_of(pub_log());
}

}  // namespace
}  // namespace phyllo::test
