// Brokers that stop in order, under traffic: nobody may notice.

#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

class Drain : public ClusterTest {
 protected:
  Drain() : ClusterTest(seed_or(2), config()) {}

  static broker::BrokerConfig config() {
    broker::BrokerConfig config;
    config.multicast.children_limit = 2;  // so that the tree has forwarders
    return config;
  }
  void begin(std::size_t brokers) {
    ASSERT_TRUE(cluster_.grow(brokers));
    listeners_ = program_at_each_broker();
    subscribe_all(listeners_, "t");
    for (const StationId id : cluster_.running()) publishers_.push_back(&cluster_.program(id));
    cluster_.run_for(2s);
  }
  void drain(StationId id) {
    const Time begin = cluster_.now();
    cluster_.drain(id);
    ASSERT_TRUE(cluster_.run_until([&] { return !cluster_.running(id); }, kLong));
    longest_ = std::max(longest_, cluster_.now() - begin);
  }

  Programs listeners_;
  Programs publishers_;
  Duration longest_{0};
};

/// The root, too, hands over in order; but its heir may begin a stream before the end of the old
/// one has come to it, which it then reports (see Churn).
TEST_F(Drain, ProgramsMissNothingWhenTheirBrokersAreRestartedOneAfterTheOther) {
  begin(6);
  traffic(publishers_, "t", 8s, 10ms);
  for (const StationId id : cluster_.running()) {
    if (id == cluster_.closest_to("t")) continue;
    drain(id);
    cluster_.start(id, {(id + 1) % 6});
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_active(); }, kLong));
    cluster_.run_for(500ms);
  }
  cluster_.run_for(8s);  // until the last one has published
  expect_everything_delivered_everywhere(listeners_.size());
  EXPECT_LT(longest_, 1500ms) << "it does not use up its time when there is nothing left to do";
}

TEST_F(Drain, AProgramThatDoesNotMoveIsShownTheDoor) {
  begin(3);
  listeners_[0]->freeze();
  drain(0);
  EXPECT_LE(longest_, 2100ms);
  EXPECT_FALSE(cluster_.running(0));
}

}  // namespace
}  // namespace phyllo::testing
