// The slower profiles: the timers of a wide network, and those of the papers.

#include <algorithm>
#include <string>

#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

struct Profile {
  std::string name;
  multicast::ForestConfig forest;
  Duration boot;       ///< a broker joins within this time
  Duration subscribe;  ///< and all subscriptions are live
  Duration mourning;   ///< a root that dies has a successor with the whole tree
};

broker::BrokerConfig config_of(const Profile& profile) {
  auto config = lan_config();
  config.overlay.timers = overlay::Timers::named(profile.name).value();
  config.multicast = profile.forest;
  return config;
}

class Profiles : public ClusterTest, public ::testing::WithParamInterface<Profile> {
 protected:
  Profiles() : ClusterTest(seed_or(1), config_of(GetParam())) {}

  /// Six brokers in three regions, each with a program that subscribes.
  void boot() {
    for (std::size_t i = 0; i < 6; ++i) {
      const StationId next = cluster_.add("region " + std::to_string(i % 3));
      cluster_.start(next, i == 0 ? std::vector<StationId>{} : std::vector<StationId>{0});
      ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_active(); }, GetParam().boot)) << i;
    }
    for (Program* program : program_at_each_broker()) program->subscribe("t");
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, GetParam().subscribe));
  }
};

TEST_P(Profiles, SixBrokersBootAndDeliverEverything) {
  boot();
  Program& publisher = *cluster_.programs().front();
  traffic({&publisher}, "t", 60s, 100ms);
  cluster_.run_for(61s);
  // A root that is new waits for the rest of its tree before it numbers anything.
  ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_acknowledged(); }, GetParam().mourning));
  cluster_.run_for(1s);
  EXPECT_THAT(cluster_.ledger().complaints(), ::testing::IsEmpty()) << cluster_.ledger().stories();
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u);
  EXPECT_EQ(cluster_.ledger().delivered_messages(), cluster_.ledger().published_messages() * 6);
}

TEST_P(Profiles, ADeadRootIsReplacedAndNothingIsLostSilently) {
  boot();
  const StationId root = cluster_.closest_to("t");
  Program& publisher = *cluster_.programs()[root == 0 ? 1 : 0];
  publisher.publish("t");
  cluster_.run_for(1s);
  cluster_.kill(root);
  cluster_.run_for(GetParam().mourning);
  ASSERT_TRUE(cluster_.all_live());
  publisher.publish("t", 3);
  ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_acknowledged(); }, GetParam().mourning));
  cluster_.run_for(GetParam().mourning);
  EXPECT_THAT(cluster_.ledger().complaints(), ::testing::IsEmpty()) << cluster_.ledger().stories();
}

INSTANTIATE_TEST_SUITE_P(
    All, Profiles,
    ::testing::Values(Profile{"wan", multicast::ForestConfig::wan(), 30s, 10s, 30s},
                      Profile{"paper", multicast::ForestConfig::paper(), 3min, 1min, 5min}),
    [](const auto& profile) { return profile.param.name; });

}  // namespace
}  // namespace phyllo::testing
