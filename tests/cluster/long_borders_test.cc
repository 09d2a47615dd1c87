// Regions so far from each other that an answer takes longer than most timers wait for it.

#include <chrono>

#include "tests/cluster/rings_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Duration kRoundTrip = 850ms;

class LongBorders : public RegionalRings {
 protected:
  LongBorders() : RegionalRings(seed_or(1), three_regions(kRoundTrip)) {
    add_brokers(2);
    start_all({0, 2, 4});
  }
};

TEST_F(LongBorders, DelaySubscriptionsAndMessagesByACrossingOrTwo) {
  ASSERT_TRUE(whole_within(30s));
  for (std::size_t i = 0; i < 8; ++i) {
    const std::string topic = "metro/line-" + std::to_string(i);
    Program& writer = cluster_.program(in("eu")[i % 2]);
    Program& reader = cluster_.program(in("us")[i / 2 % 2]);
    reader.subscribe(topic);
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, 2 * kRoundTrip)) << topic;
    for (std::size_t message = 1; message <= 3; ++message) {
      writer.publish(topic);
      // The first one waits for the rendezvous' word on who wants it.
      const auto heard = [&] { return messages(reader) == message; };
      ASSERT_TRUE(cluster_.run_until(heard, 2 * kRoundTrip)) << topic;
    }
  }
}

TEST_F(LongBorders, MakeNobodyTakeTheLivingForDead) {
  ASSERT_TRUE(whole_within(30s));
  cluster_.run_for(30s);
  for (const StationId id : cluster_.running()) {
    for (const auto& [when, notice] : cluster_.process(id).notices()) {
      EXPECT_THAT(notice.text, Not(HasSubstr("lost: "))) << "broker " << id;
    }
  }
}

/// Programs do not wait until all rings are whole. Each message is the only one of its publisher,
/// so that no later one can show that it is missing.
class BordersAtTheStart : public RegionalRings,
                          public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  BordersAtTheStart() : RegionalRings(GetParam(), three_regions(round_trip(GetParam()))) {
    add_brokers(1 + GetParam() % 4);
  }
  static Duration round_trip(std::uint64_t seed) {
    constexpr Duration kRoundTrips[] = {kRoundTrip, 20ms, 200ms};
    return kRoundTrips[seed % 3];
  }
  /// One after the other, each through those that are there.
  void start_in_turn() {
    const std::uint64_t pause = cluster_.random().below(2) == 0 ? 100 : 3000;
    std::vector<StationId> seeds;
    for (const std::string region : {"eu", "us", "ap"}) {
      for (const StationId id : in(region)) {
        cluster_.start(id, seeds);
        if (id == in(region).front()) seeds.push_back(id);
        pass_up_to(pause);
      }
    }
  }
  void pass_up_to(std::uint64_t milliseconds) {
    cluster_.run_for(std::chrono::milliseconds(cluster_.random().below(milliseconds)));
  }
  StationId any() { return cluster_.random().below(cluster_.size()); }
};

TEST_P(BordersAtTheStart, LoseNothingThatWasPublishedAfterASubscriptionWasComplete) {
  start_in_turn();
  pass_up_to(20'000);
  for (int topic = 0; topic < 3; ++topic) {
    const std::string name = "borders/" + std::to_string(topic);
    Program& reader = cluster_.program(any());
    reader.subscribe(name);
    const StationId there = any();
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
    for (std::size_t message = 1; message <= 6; ++message) {
      Program& writer = cluster_.program(there);
      writer.publish(name);
      ASSERT_TRUE(cluster_.run_until([&] { return writer.all_acknowledged(); }, kLong));
      writer.leave();
      ASSERT_TRUE(cluster_.run_until([&] { return messages(reader) == message; }, kLong))
          << name << ' ' << message << " from " << there << " to " << reader.broker();
    }
  }
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u);
}

/// As on a host that was suspended.
TEST_P(BordersAtTheStart, LoseNothingAfterAllBrokersSlept) {
  start_in_turn();
  ASSERT_TRUE(whole_within(60s));
  const std::string name = "borders/numbers";
  Program& reader = cluster_.program(any());
  reader.subscribe(name);
  const StationId there = any();
  ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
  std::size_t message = 0;
  for (int sleep = 0; sleep < 3; ++sleep) {
    for (int i = 0; i < 2; ++i) {
      ++message;
      Program& writer = cluster_.program(there);
      writer.publish(name);
      ASSERT_TRUE(cluster_.run_until([&] { return writer.all_acknowledged(); }, kLong));
      writer.leave();
      ASSERT_TRUE(cluster_.run_until(
          [&] { return cluster_.ledger().delivered_messages() == message; }, kLong))
          << name << ' ' << message << " from " << there << " to " << reader.broker();
    }
    for (StationId id = 0; id < cluster_.size(); ++id) {
      cluster_.pause(id);
      pass_up_to(20);
    }
    cluster_.run_for(4s);
    pass_up_to(20'000);
    for (StationId id = 0; id < cluster_.size(); ++id) {
      cluster_.resume(id);
      pass_up_to(20);
    }
    pass_up_to(2'000);
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
  }
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, BordersAtTheStart, ::testing::ValuesIn(seeds(1, 300)));

}  // namespace
}  // namespace phyllo::testing
