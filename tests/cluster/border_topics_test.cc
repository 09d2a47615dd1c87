// What a broker tells of the topics that it sends to other regions.

#include "tests/cluster/rings_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

class BorderTopics : public RegionalRings {
 protected:
  /// Bytes of the topic that brokers of `from` sent to `to`, by what they say.
  std::uint64_t told(const std::string& from, const std::string& to, const std::string& topic) {
    std::uint64_t bytes = 0;
    for (const StationId id : in(from)) {
      Program& program = cluster_.program(id);
      program.ask_borders();
      cluster_.run_for(1s);
      const auto& answer = std::get<broker::client::BordersAnswer>(program.answers().back().what);
      EXPECT_EQ(answer.region, from);
      for (const auto& each : answer.topics) {
        if (each.topic == topic && each.to == to) bytes += each.bytes;
      }
    }
    return bytes;
  }
};

TEST_F(BorderTopics, AreKnownByNameAndByTheRegionTheyGoTo) {
  add_brokers(2);
  start_all({0, 2, 4});
  ASSERT_TRUE(whole_within(60s));
  cluster_.run_for(3s);
  cluster_.program(in("us")[0]).subscribe("wide");
  cluster_.program(in("eu")[1]).subscribe("near");
  ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
  Program& writer = cluster_.program(in("eu")[0]);
  constexpr int kMessages = 50;
  for (int i = 0; i < kMessages; ++i) {
    writer.publish("wide");
    writer.publish("near");
    cluster_.run_for(20ms);
  }
  cluster_.run_for(5s);
  const std::uint64_t bytes = told("eu", "us", "wide");
  EXPECT_GT(bytes, kMessages * 10u);
  EXPECT_LT(bytes, kMessages * 1'000u);
  EXPECT_EQ(told("eu", "ap", "wide"), 0u);
  EXPECT_EQ(told("eu", "us", "near"), 0u);
  EXPECT_EQ(told("us", "eu", "wide"), 0u);
}

}  // namespace
}  // namespace phyllo::testing
