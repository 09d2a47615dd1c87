#include "sdk/src/connector.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace phyllo::internal {
namespace {

using namespace std::chrono_literals;

constexpr ReconnectPolicy kSteady{.initial = 100ms, .maximum = 1000ms, .jitter = 0};

TEST(Connector, GoesThroughTheListWithoutAPause) {
  Connector connector({"a", "b", "c"}, BrokerOrder::kListed, kSteady, 1);
  const Instant now{};
  EXPECT_LE(connector.when(), now);
  EXPECT_EQ(connector.broker(), "a");
  connector.failed(now);
  EXPECT_EQ(connector.broker(), "b");
  EXPECT_LE(connector.when(), now);
  connector.failed(now);
  EXPECT_EQ(connector.broker(), "c");
  EXPECT_LE(connector.when(), now);
}

TEST(Connector, TriesANameInBothFamiliesOfAddresses) {
  Connector connector({"tcp://host:1", "tcp://10.0.0.1:1", "tcp://[::1]:1"}, BrokerOrder::kListed,
                      kSteady, 1);
  const std::vector<std::vector<Family>> rounds = {
      {Family::kIPv4, Family::kIPv4, Family::kIPv6},
      {Family::kIPv6, Family::kIPv4, Family::kIPv6},
      {Family::kIPv4, Family::kIPv4, Family::kIPv6},
  };
  for (const auto& round : rounds) {
    for (const Family expected : round) {
      EXPECT_EQ(connector.family(), expected) << connector.broker();
      connector.failed(Instant{});
    }
  }
}

TEST(Connector, WaitsLongerAfterEachFailedRoundUpToTheMaximum) {
  Connector connector({"a", "b"}, BrokerOrder::kListed, kSteady, 1);
  const Instant now{};
  for (const auto expected : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    connector.failed(now);
    connector.failed(now);
    EXPECT_EQ(connector.when() - now, expected);
    EXPECT_EQ(connector.broker(), "a");
  }
  for (int i = 0; i < 1000; ++i) connector.failed(now);
  EXPECT_EQ(connector.when() - now, 1000ms);
}

TEST(Connector, VariesTheWaitByTheJitter) {
  ReconnectPolicy policy = kSteady;
  policy.jitter = 0.5;
  std::set<Instant> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Connector connector({"a"}, BrokerOrder::kListed, policy, seed);
    connector.failed(Instant{});
    EXPECT_GE(connector.when() - Instant{}, 50ms);
    EXPECT_LE(connector.when() - Instant{}, 150ms);
    seen.insert(connector.when());
  }
  EXPECT_GT(seen.size(), 10u);
}

TEST(Connector, ALostConnectionGoesToTheNextBrokerSoonAndForgetsFailures) {
  Connector connector({"a", "b"}, BrokerOrder::kListed, kSteady, 1);
  Instant now{};
  for (int i = 0; i < 4; ++i) connector.failed(now);
  now += 10s;
  connector.lost(now, 10s);
  EXPECT_EQ(connector.broker(), "b");
  EXPECT_LE(connector.when(), now);
  connector.failed(now);
  connector.failed(now);
  EXPECT_EQ(connector.when() - now, 100ms);
}

TEST(Connector, AConnectionThatEndsAtOnceIsAFailure) {
  Connector connector({"a"}, BrokerOrder::kListed, kSteady, 1);
  const Instant now{};
  connector.lost(now, 1ms);
  EXPECT_EQ(connector.when() - now, 100ms);
  connector.lost(now, 1ms);
  EXPECT_EQ(connector.when() - now, 200ms);
}

TEST(Connector, ShufflesByTheSeed) {
  std::set<std::string> starts;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    starts.insert(Connector({"a", "b", "c"}, BrokerOrder::kShuffled, kSteady, seed).broker());
  }
  EXPECT_EQ(starts.size(), 3u);
}

}  // namespace
}  // namespace phyllo::internal
