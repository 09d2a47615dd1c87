// Few brokers of a region among many of others: they have to find each other.

#include <chrono>

#include "tests/cluster/rings_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

/// In a ring of all brokers that is too large for everybody to know everybody.
broker::BrokerConfig narrow_config() {
  broker::BrokerConfig config = regional_config();
  config.overlay.leaf_set_size = 4;
  return config;
}

class ASmallRegion : public RegionalRings {
 protected:
  // With this seed they do not meet by chance.
  ASmallRegion() : RegionalRings(seed_or(9), three_regions(), narrow_config()) {}

  /// The other regions, whose brokers are the small one's only seeds.
  void begin(std::size_t brokers) {
    for (int i = 0; i < 15; ++i) cluster_.add("eu");
    for (int i = 0; i < 15; ++i) cluster_.add("ap");
    for (std::size_t i = 0; i < brokers; ++i) cluster_.add("us");
    for (const char* region : {"eu", "ap"}) {
      for (const StationId id : in(region)) cluster_.start(id, {in("eu").front()});
    }
    ASSERT_TRUE(whole_within(60s));
  }
  void cut(const std::vector<StationId>& one, const std::vector<StationId>& other) {
    for (const StationId a : one) {
      for (const StationId b : other) cluster_.network().cut_both_ways(a, b);
    }
  }
  /// Whether each of them sees itself in a ring of so many of its region.
  bool ring_of(const std::vector<StationId>& brokers) const {
    for (const StationId id : brokers) {
      const overlay::Node& home = rings(id).home();
      if (!home.active() || home.replica_set(overlay::Key{}, 8).size() != brokers.size()) {
        return false;
      }
    }
    return true;
  }
  /// They know of each other, and of no others of the region.
  void start(const std::vector<StationId>& brokers) {
    for (const StationId id : brokers) cluster_.start(id, {in("eu").front(), brokers.front()});
    ASSERT_TRUE(cluster_.run_until([&] { return ring_of(brokers); }, 60s));
  }
  void expect_one_ring(Duration within) {
    const std::vector<StationId> us = in("us");
    EXPECT_TRUE(cluster_.run_until([&] { return ring_of(us); }, within));
    Program& writer = cluster_.program(us.front());
    Program& reader = cluster_.program(us.back());
    reader.subscribe("news/us");
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
    writer.publish("news/us");
    EXPECT_TRUE(cluster_.run_until([&] { return messages(reader) == 1; }, 5s));
    EXPECT_TRUE(whole_within(30s));
  }
};

TEST_F(ASmallRegion, OfTwoBrokersThatNeverMetBecomesOneRing) {
  begin(2);
  const std::vector<StationId> us = in("us");
  cut({us[0]}, {us[1]});
  start({us[0]});
  start({us[1]});
  cluster_.run_for(60s);
  cluster_.network().mend_all();
  expect_one_ring(90s);
}

TEST_F(ASmallRegion, OfTwoRingsThatNeverMetBecomesOne) {
  begin(5);
  const std::vector<StationId> us = in("us");
  const std::vector<StationId> three(us.begin(), us.begin() + 3);
  const std::vector<StationId> two(us.begin() + 3, us.end());
  cut(three, two);
  start(three);
  start(two);
  cluster_.run_for(60s);
  cluster_.network().mend_all();
  expect_one_ring(90s);
}

TEST_F(ASmallRegion, BecomesOneRingAgainAfterItWasCutInTwo) {
  begin(5);
  const std::vector<StationId> us = in("us");
  start(us);
  const std::vector<StationId> three(us.begin(), us.begin() + 3);
  const std::vector<StationId> two(us.begin() + 3, us.end());
  cut(three, two);
  ASSERT_TRUE(cluster_.run_until([&] { return ring_of(three) && ring_of(two); }, 60s));
  cluster_.run_for(60s);
  cluster_.network().mend_all();
  expect_one_ring(90s);
}

}  // namespace
}  // namespace phyllo::testing
