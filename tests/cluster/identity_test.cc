// One id on two hosts, and one host that comes back with its id, as whole brokers with programs.

#include <string>

#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class SharedId : public ClusterTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(cluster_.grow(6));
    subscribe_all(program_at_each_broker(), "t");
    cluster_.run_for(2s);
  }
  bool resigned(StationId id) {
    const auto& stopped = cluster_.process(id).stopped();
    return stopped && stopped->resigned;
  }
  std::size_t resignations() {
    std::size_t count = 0;
    for (StationId id = 0; id < cluster_.size(); ++id) count += resigned(id);
    return count;
  }
};

TEST_F(SharedId, TheSecondHostResignsWithAReasonAndTheFirstGoesOnServing) {
  const StationId holder = 3;
  const StationId twin = cluster_.add_with_id(cluster_.id(holder));
  cluster_.start(twin, {0});
  traffic({cluster_.programs()[1].get()}, "t", 10s, 10ms);
  ASSERT_TRUE(cluster_.run_until([&] { return resigned(twin); }, kLong));
  EXPECT_THAT(cluster_.process(twin).stopped()->reason,
              HasSubstr(cluster_.id(holder).hex() + " is taken by " +
                        cluster_.process(holder).self().place().local.text()));
  cluster_.kill(twin, Death::kGoodbye);  // the daemon exits
  cluster_.run_for(10s);
  EXPECT_EQ(resignations(), 1u);
  EXPECT_TRUE(cluster_.broker(holder).node().active());
  expect_everything_delivered_everywhere(6);
}

TEST_F(SharedId, OfTwoHostsThatStartTogetherExactlyOneResigns) {
  const overlay::NodeId id = overlay::NodeId::random(cluster_.random());
  const StationId one = cluster_.add_with_id(id);
  const StationId two = cluster_.add_with_id(id);
  cluster_.start(one, {0});
  cluster_.start(two, {5});
  ASSERT_TRUE(cluster_.run_until([&] { return resignations() == 1; }, kLong));
  const StationId loser = resigned(one) ? one : two;
  const StationId winner = resigned(one) ? two : one;
  cluster_.kill(loser, Death::kGoodbye);
  EXPECT_TRUE(cluster_.run_until([&] { return cluster_.broker(winner).node().active(); }, kLong));
  cluster_.program(winner).subscribe("t");
  EXPECT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
  traffic({cluster_.programs()[1].get()}, "t", 5s, 10ms);
  cluster_.run_for(6s);
  EXPECT_EQ(resignations(), 1u);
  expect_everything_delivered_everywhere(7);
}

TEST_F(SharedId, ABrokerThatComesBackWithItsIdTakesALaterLifeAndNobodyResigns) {
  const StationId back = 3;
  const overlay::Incarnation before = cluster_.process(back).self().incarnation();
  cluster_.kill(back, Death::kSilent);
  cluster_.start(back, {0});
  ASSERT_TRUE(cluster_.run_until([&] { return cluster_.broker(back).node().active(); }, kLong));
  EXPECT_GT(cluster_.process(back).self().incarnation(), before);
  cluster_.run_for(5s);
  EXPECT_EQ(resignations(), 0u);
  traffic({cluster_.programs()[1].get()}, "t", 5s, 10ms);
  cluster_.run_for(6s);
  expect_nothing_lost_silently();
}

}  // namespace
}  // namespace phyllo::testing
