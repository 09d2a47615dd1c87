// What is promised when something dies or a word is lost: how long it matters, and to whom.

#include <gtest/gtest.h>

#include "tests/regions/world.h"
#include "tests/support/seeds.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

constexpr char kTopic[] = "metro/eu/line-4";
constexpr PublisherId kWriter = 7;

/// A topic's rendezvous, who publishes it, and who reads it.
class Healing : public ::testing::Test {
 protected:
  void start(std::size_t crossing_bytes) {
    world_.config.crossing_bytes = crossing_bytes;
    const std::size_t all[] = {world_.add("eu"), world_.add("us"), world_.add("asia")};
    world_.run_for(5s);
    rendezvous_ = world_.rendezvous(kTopic);
    writer_ = all[(rendezvous_ + 1) % 3];
    reader_ = all[(rendezvous_ + 2) % 3];
  }
  void subscribe(std::size_t region) {
    world_.subscribe(region, kTopic);
    ASSERT_TRUE(world_.run_until([&] { return world_.live(region, kTopic); }, 10s));
  }
  void publish_for(Duration time) {
    for (Duration passed{}; passed < time; passed += 500ms) {
      const Sequence number = world_.publish(writer_, kTopic, kWriter);
      EXPECT_TRUE(world_.taken(writer_, kWriter, number)) << "at once";
      world_.run_for(500ms);
      latest_ = number;
    }
  }
  /// What is kept for a dead region has its bound, and in the end nothing is kept or sent there.
  void expect_given_up(std::size_t region) {
    publish_for(60s);
    EXPECT_GT(world_.stats(writer_).waiting_bytes, kRoom / 2);
    EXPECT_LE(world_.stats(writer_).waiting_bytes, kRoom + 64);
    publish_for(world_.config.interest_life - 55s);
    EXPECT_EQ(world_.stats(writer_).waiting_bytes, 0u);
    const auto before = world_.messages(writer_, region);
    publish_for(10s);
    EXPECT_EQ(world_.messages(writer_, region), before);
  }

  static constexpr std::size_t kRoom = 2000;
  World world_{phyllo::testing::seed_or(1)};
  std::size_t rendezvous_ = 0;
  std::size_t writer_ = 0;
  std::size_t reader_ = 0;
  Sequence latest_ = 0;
};

TEST_F(Healing, ADeadRegionTakesUpItsRoomForAWhileAndHoldsNobodyUp) {
  start(kRoom);
  subscribe(reader_);
  subscribe(rendezvous_);
  publish_for(1s);
  world_.kill(reader_);
  expect_given_up(reader_);
  EXPECT_EQ(world_.heard(rendezvous_, kTopic, kWriter).numbers.size(), latest_);
}

TEST_F(Healing, ARegionThatDiesWithTheRendezvousIsGivenUpAsWell) {
  start(kRoom);
  subscribe(rendezvous_);
  publish_for(1s);
  world_.kill(rendezvous_);
  expect_given_up(rendezvous_);
}

TEST_F(Healing, AnInterestWhoseEndWasLostEndsWhenSomethingIsSentThere) {
  start(1 << 20);
  subscribe(reader_);
  publish_for(1s);
  world_.routes = false;
  world_.unsubscribe(reader_, kTopic);
  world_.run_for(100ms);
  world_.routes = true;
  publish_for(2s);
  const auto before = world_.batches(writer_, reader_);
  publish_for(5s);
  EXPECT_EQ(world_.batches(writer_, reader_), before);
  EXPECT_EQ(world_.stats(rendezvous_).rolls, 1u) << "of the region that publishes";
}

}  // namespace
}  // namespace phyllo::regions
