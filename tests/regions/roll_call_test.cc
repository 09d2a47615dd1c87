// A rendezvous dies: the next one asks all regions for what they have to say.

#include <gtest/gtest.h>

#include "tests/regions/world.h"
#include "tests/support/seeds.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

constexpr char kTopic[] = "metro/eu/line-4";
/// Three regions of one broker, one of which has another one besides: the rendezvous.
class ARendezvousDies : public ::testing::Test {
 protected:
  ARendezvousDies() {
    world_.table = RegionTable({"asia", "eu", "us"});
    eu_ = world_.add("eu");
    us_ = world_.add("us");
    asia_ = world_.add("asia");
    rendezvous_ = world_.add_closest_to(kTopic, "eu");
    world_.run_for(5s);
  }

  bool live_within(std::size_t region, Duration time) {
    return world_.run_until([&] { return world_.live(region, kTopic); }, time);
  }
  bool heard(std::size_t region, Sequence number) {
    const auto there = [&] {
      return world_.heard(region, kTopic, kWriter).numbers.contains(number);
    };
    return world_.run_until(there, 2s);
  }
  /// And everybody notices.
  void kill(std::size_t region) {
    world_.kill(region, 1ms);
    world_.run_for(2ms);
  }
  void kill_rendezvous() { kill(rendezvous_); }
  /// The same.
  void cut_off(std::size_t region) {
    world_.cut_off(region, 1ms);
    world_.run_for(2ms);
  }
  /// So long that nobody has to be waited for there.
  void desert(std::size_t region) {
    world_.kill(region);
    world_.run_for(world_.config.lease + 2s);
  }
  /// Subscribes, and hears what is published from then on.
  void expect_complete_soon(std::size_t reader, std::size_t writer) {
    world_.subscribe(reader, kTopic);
    ASSERT_TRUE(live_within(reader, soon()));
    EXPECT_TRUE(heard(reader, world_.publish(writer, kTopic, kWriter)));
    EXPECT_EQ(world_.lost(reader), 0u);
  }
  /// Subscribes, and waits until nobody can rely any more on what the dead one said.
  void expect_complete_after_lease(std::size_t reader) {
    world_.subscribe(reader, kTopic);
    const Time began = world_.now();
    ASSERT_TRUE(live_within(reader, 60s));
    EXPECT_GE(world_.now() - began, world_.config.lease - 300ms);
  }
  /// Its region may still have subscribers on their way to their new root.
  Duration soon() const { return world_.config.regrafting + world_.config.retry + 300ms; }

  static constexpr PublisherId kWriter = 7;
  World world_{phyllo::testing::seed_or(1)};
  std::size_t eu_ = 0;
  std::size_t us_ = 0;
  std::size_t asia_ = 0;
  std::size_t rendezvous_ = 0;
};

TEST_F(ARendezvousDies, ANewSubscriptionIsCompleteAsSoonAsAllRegionsHaveAnswered) {
  world_.publish(asia_, kTopic, kWriter);
  world_.run_for(2s);
  kill_rendezvous();
  expect_complete_soon(us_, asia_);
}

TEST_F(ARendezvousDies, TheNextOneIsToldAtOnceWhatTheDeadOneKnew) {
  world_.publish(asia_, kTopic, kWriter);
  world_.run_for(2s);
  kill_rendezvous();
  world_.run_for(50ms);
  EXPECT_EQ(world_.stats(world_.rendezvous(kTopic)).rolls, 1u);
}

TEST_F(ARendezvousDies, ARegionThatBeginsToPublishKnowsSoonWhoWantsIt) {
  world_.subscribe(us_, kTopic);
  ASSERT_TRUE(live_within(us_, 5s));
  world_.run_for(2s);
  kill_rendezvous();
  const Sequence number = world_.publish(asia_, kTopic, kWriter);
  const auto there = [&] { return world_.heard(us_, kTopic, kWriter).numbers.contains(number); };
  EXPECT_TRUE(world_.run_until(there, soon()));
}

TEST_F(ARendezvousDies, NobodyIsCompleteBeforeARegionThatDoesNotAnswerCanRelyOnNothing) {
  world_.publish(asia_, kTopic, kWriter);
  world_.run_for(1s);
  world_.cut_off(asia_, 60s);
  kill_rendezvous();
  expect_complete_after_lease(us_);
}

TEST_F(ARendezvousDies, NobodyIsCompleteBeforeARegionThatWasLostLatelyCanRelyOnNothing) {
  world_.publish(asia_, kTopic, kWriter);
  world_.run_for(1s);
  cut_off(asia_);
  kill_rendezvous();
  expect_complete_after_lease(us_);
}

TEST_F(ARendezvousDies, ARegionInWhichNobodyWasForLongIsNotWaitedFor) {
  world_.publish(eu_, kTopic, kWriter);
  desert(asia_);
  kill_rendezvous();
  expect_complete_soon(us_, eu_);
}

TEST_F(ARendezvousDies, NobodyKnowsInALargeRingThatARegionIsEmpty) {
  world_.small = false;
  desert(asia_);
  kill_rendezvous();
  world_.subscribe(us_, kTopic);
  EXPECT_FALSE(live_within(us_, world_.config.lease - 300ms));
  EXPECT_TRUE(live_within(us_, 1s));
}

/// It is known which one will be the next; who writes is in neither's region.
class TheNextOneIsKnown : public ARendezvousDies {
 protected:
  TheNextOneIsKnown() {
    kill_rendezvous();
    next_ = world_.rendezvous(kTopic);
    world_.revive(rendezvous_);
    writer_ = next_ == us_ ? asia_ : us_;
    third_ = next_ == eu_ ? asia_ : eu_;
  }
  std::size_t next_ = 0;
  std::size_t writer_ = 0;
  std::size_t third_ = 0;
};

/// Of those left only the third one has met the writer.
class OnlyAnotherOneKnows : public TheNextOneIsKnown {
 protected:
  OnlyAnotherOneKnows() {
    world_.publish(writer_, kTopic, kWriter);
    world_.run_for(world_.config.lease + 2s);
    world_.unmet.emplace(next_, world_.contact(writer_).region());
  }
};

TEST_F(OnlyAnotherOneKnows, WhoIsNamedIsAsked) {
  kill_rendezvous();
  expect_complete_soon(next_, writer_);
}

TEST_F(OnlyAnotherOneKnows, WhoIsNamedAndDoesNotAnswerIsWaitedFor) {
  world_.cut_off(writer_, 60s);
  kill_rendezvous();
  expect_complete_after_lease(next_);
}

TEST_F(ARendezvousDies, NewcomersDoNotKnowWhomTheOthersLost) {
  world_.publish(asia_, kTopic, kWriter);
  world_.run_for(1s);
  cut_off(asia_);
  for (const std::size_t region : {eu_, us_}) {
    kill(region);
    world_.revive(region);
  }
  kill_rendezvous();
  expect_complete_after_lease(us_);
}

/// It fell asleep when nobody was in the writer's region any more.
class TheNextOneSlept : public TheNextOneIsKnown {
 protected:
  TheNextOneSlept() {
    desert(writer_);
    world_.sleep(next_);
    world_.run_for(2s);
  }
};

TEST_F(TheNextOneSlept, AndDoesNotKnowWhoWasThereMeanwhile) {
  world_.revive(writer_);
  world_.run_for(2s);
  world_.publish(writer_, kTopic, kWriter);
  world_.run_for(1s);
  cut_off(writer_);
  // Of those who noticed nobody will be left.
  kill(third_);
  world_.revive(third_);
  world_.wake(next_);
  kill_rendezvous();
  expect_complete_after_lease(next_);
}

TEST_F(TheNextOneSlept, AndKnowsWhoIsThereWhenItHasBeenBackForLong) {
  world_.wake(next_);
  world_.run_for(world_.config.lease + 2s);
  kill_rendezvous();
  expect_complete_soon(next_, third_);
}

TEST_F(ARendezvousDies, AsksAgainWhatWasLost) {
  world_.publish(asia_, kTopic, kWriter);
  world_.run_for(1s);
  world_.loss = 0.5;
  kill_rendezvous();
  world_.subscribe(us_, kTopic);
  world_.run_for(soon());
  world_.loss = 0;
  ASSERT_TRUE(live_within(us_, 1s));
  EXPECT_TRUE(heard(us_, world_.publish(asia_, kTopic, kWriter)));
}

TEST_F(ARendezvousDies, NothingIsLostAfterASubscriptionIsComplete) {
  constexpr int kRounds = 1000;
  const int rounds = phyllo::testing::seeds(1, kRounds).size() < kRounds ? 50 : kRounds;
  world_.jitter = 40ms;
  Random random(7);
  const std::size_t regions[] = {eu_, us_, asia_};
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE(round);
    const std::size_t reader = regions[random.below(3)];
    const std::size_t writer = regions[random.below(3)];
    const PublisherId publisher = 1 + random.below(3);
    if (random.chance(0.7)) world_.publish(writer, kTopic, publisher);
    world_.run_for(std::chrono::milliseconds(random.below(300)));
    kill_rendezvous();
    world_.run_for(std::chrono::milliseconds(random.below(600)));
    world_.subscribe(reader, kTopic);
    ASSERT_TRUE(live_within(reader, soon()));
    const std::uint64_t lost = world_.lost(reader);
    const Sequence number = world_.publish(writer, kTopic, publisher);
    const auto there = [&] {
      return world_.heard(reader, kTopic, publisher).numbers.contains(number);
    };
    ASSERT_TRUE(world_.run_until(there, 2s));
    EXPECT_EQ(world_.lost(reader), lost);
    world_.unsubscribe(reader, kTopic);
    world_.revive(rendezvous_);
    world_.run_for(std::chrono::milliseconds(1000 + random.below(1000)));
  }
}

}  // namespace
}  // namespace phyllo::regions
