// What a broker cannot know when it wakes.

#include <chrono>

#include "tests/cluster/rings_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;

constexpr char kTopic[] = "metro/line-4";

/// The topic's rendezvous, the broker that follows it, and another one; in the third region nobody
/// was for long.
class OneSleeps : public RegionalRings {
 protected:
  void SetUp() override {
    const auto key = multicast::TopicId::of(TopicName::parse(kTopic).value()).key();
    rendezvous_ = cluster_.add_with_id(overlay::NodeId(key.value()), "eu");
    sleeper_ = cluster_.add_with_id(overlay::NodeId(key.value() + 1), "us");
    witness_ = cluster_.add("eu");
    newcomer_ = cluster_.add("ap");
    for (const StationId id : {rendezvous_, sleeper_, witness_}) cluster_.start(id, {rendezvous_});
    ASSERT_TRUE(whole_within(60s));
    cluster_.run_for(lease() + 2s);
  }
  /// As a host that is suspended: what is said to it is lost, and it is lost to the others.
  void fall_asleep() {
    cluster_.pause(sleeper_);
    cluster_.network().put_on_side(sleeper_, 1);
    ASSERT_TRUE(lost_to_the_others(sleeper_));
  }
  void wake() {
    cluster_.network().put_on_side(sleeper_, 0);
    cluster_.resume(sleeper_);
    ASSERT_TRUE(in_both_rings(sleeper_));
  }
  void start(StationId broker) {
    cluster_.start(broker, {rendezvous_});
    ASSERT_TRUE(in_both_rings(broker));
  }
  void cut_off(StationId broker) {
    cluster_.network().put_on_side(broker, 2);
    ASSERT_TRUE(lost_to_the_others(broker));
  }
  Duration lease() const { return cluster_.setup().broker.borders.lease; }

  StationId rendezvous_ = 0;
  StationId sleeper_ = 0;
  StationId witness_ = 0;
  StationId newcomer_ = 0;

 private:
  bool in_both_rings(StationId broker) {
    const auto there = [&] {
      return rings(broker).home().active() && rings(broker).global().active();
    };
    return cluster_.run_until(there, kLong);
  }
  bool lost_to_the_others(StationId broker) {
    const auto lost = [&] {
      return !rings(rendezvous_).global().knows(cluster_.id(broker)) &&
             !rings(witness_).global().knows(cluster_.id(broker));
    };
    return cluster_.run_until(lost, kLong);
  }
};

TEST_F(OneSleeps, AndDoesNotTakeForEmptyARegionInWhichSomebodyWasMeanwhile) {
  fall_asleep();
  start(newcomer_);
  cluster_.program(newcomer_).publish(kTopic);
  ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_acknowledged(); }, 5s));
  cluster_.run_for(2s);
  cut_off(newcomer_);
  // Nobody is left who noticed that.
  cluster_.kill(witness_);
  start(witness_);
  const Time woken = cluster_.now();
  wake();
  cluster_.kill(rendezvous_);
  Program& reader = cluster_.program(sleeper_);
  reader.subscribe(kTopic);
  ASSERT_TRUE(cluster_.run_until([&] { return reader.all_live(); }, kLong));
  EXPECT_GE(cluster_.now() - woken, lease());
}

}  // namespace
}  // namespace phyllo::testing
