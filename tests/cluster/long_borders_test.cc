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

}  // namespace
}  // namespace phyllo::testing
