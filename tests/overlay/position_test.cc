#include "overlay/position.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;

/// Machines at places that only this test knows, each with a position that it finds out.
class World {
 public:
  World(std::size_t machines, std::uint64_t seed) : random_(seed), positions_(machines) {
    for (std::size_t i = 0; i < machines; ++i) {
      places_.push_back({random_.unit(), random_.unit(), 0.2 * random_.unit()});
    }
    positions_[0].found();
  }
  Random& random() { return random_; }
  Position& position(std::size_t i) { return positions_[i]; }
  std::size_t size() const { return places_.size(); }

  /// On a square of 100 ms, and up to 20 ms up from it.
  Duration round_trip(std::size_t a, std::size_t b) const {
    const double flat = std::hypot(places_[a].x - places_[b].x, places_[a].y - places_[b].y);
    const double both = flat + places_[a].height + places_[b].height;
    return std::chrono::duration_cast<Duration>(100ms * both) + 1us;
  }
  Position::Sample sample(std::size_t of, std::size_t there) const {
    return {positions_[there].told(), round_trip(of, there)};
  }
  /// Each comes in turn, measures those that are there and settles.
  void all_join() {
    for (std::size_t i = 1; i < size(); ++i) settle(i, i);
  }
  void settle(std::size_t i, std::size_t others) {
    std::vector<Position::Sample> samples;
    for (std::size_t k = 0; k < 16; ++k) {
      const std::size_t other = random_.below(others);
      if (other != i) samples.push_back(sample(i, other));
    }
    positions_[i].settle(samples, random_);
  }
  /// Of the distances of all pairs, on average, as a part of them.
  double error() const {
    double sum = 0;
    double count = 0;
    for (std::size_t a = 0; a < size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        const auto real = static_cast<double>(round_trip(a, b).count());
        const Duration told = predicted(positions_[a].told(), positions_[b].told());
        sum += std::abs(static_cast<double>(told.count()) / real - 1);
        ++count;
      }
    }
    return sum / count;
  }

 private:
  struct Place {
    double x, y, height;
  };
  Random random_;
  std::vector<Place> places_;
  std::vector<Position> positions_;
};

TEST(Position, IsUnknownUntilSomebodyKnownWasMeasured) {
  Random random(1);
  Position position;
  EXPECT_FALSE(position.told().known());
  position.measured({Coordinate{}, 5ms}, random);
  position.settle({}, random);
  EXPECT_FALSE(position.told().known());
  EXPECT_EQ(predicted(position.told(), position.told()), Duration::zero());
  Position first;
  first.found();
  EXPECT_TRUE(first.told().known());
  position.measured({first.told(), 5ms}, random);
  EXPECT_TRUE(position.told().known());
}

TEST(Position, PredictsRoundTripsOnceEverybodySettledAFewTimes) {
  World world(60, 7);
  world.all_join();
  for (int round = 0; round < 4; ++round) {
    for (std::size_t i = 0; i < world.size(); ++i) world.settle(i, world.size());
  }
  EXPECT_LT(world.error(), 0.05);
}

TEST(Position, GetsBetterWithEveryRoundTrip) {
  World world(40, 3);
  for (std::size_t i = 1; i < world.size(); ++i) {
    world.position(i).measured(world.sample(i, 0), world.random());
  }
  const double before = world.error();
  for (int i = 0; i < 40 * 200; ++i) {
    const std::size_t one = world.random().below(world.size());
    const std::size_t other = world.random().below(world.size());
    if (one != other) world.position(one).measured(world.sample(one, other), world.random());
  }
  EXPECT_LT(world.error(), before / 4);
  EXPECT_LT(world.error(), 0.1);
}

TEST(Position, IsDrawnAsideByALiarNoFartherThanItsRoundTripWasLong) {
  World world(40, 5);
  world.all_join();
  Position& victim = world.position(7);
  const Coordinate before = victim.told();
  Coordinate lie;
  lie.at = {Coordinate::kFarthest, -Coordinate::kFarthest, Coordinate::kFarthest};
  lie.height = Coordinate::kHighest;
  lie.error = 0;
  victim.measured({lie, 10ms}, world.random());
  EXPECT_LE(predicted(before, victim.told()), 10ms + 2 * std::chrono::microseconds(before.height));
}

TEST(Position, SettlesWhereTheOthersSayWhenOneOfTenLies) {
  World world(60, 9);
  world.all_join();
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < world.size(); ++i) world.settle(i, world.size());
  }
  std::vector<Position::Sample> samples;
  for (std::size_t other = 0; other < 40; ++other) {
    samples.push_back(world.sample(50, other));
    if (other % 10 == 0) {
      samples.back().there.at[0] += 5'000'000;
      samples.back().there.error = 0;
    }
  }
  Position& position = world.position(50);
  position.settle(samples, world.random());
  double worst = 0;
  for (std::size_t other = 0; other < 40; ++other) {
    const Duration told = predicted(position.told(), world.position(other).told());
    const auto real = static_cast<double>(world.round_trip(50, other).count());
    worst = std::max(worst, std::abs(static_cast<double>(told.count()) - real) / 1e6);
  }
  EXPECT_LT(worst, 40) << "ms; the lies are of seconds";
}

TEST(Position, DoubtsItselfWhereTrianglesDoNotHold) {
  Random random(2);
  std::vector<Position> positions(12);
  positions[0].found();
  for (int i = 0; i < 4000; ++i) {
    const std::size_t one = random.below(positions.size());
    const std::size_t other = random.below(positions.size());
    if (one == other) continue;
    const Duration round_trip = (one * other) % 3 == 0 ? 1ms : 100ms;
    positions[one].measured({positions[other].told(), round_trip}, random);
  }
  double error = 0;
  for (const Position& position : positions) error += position.error() / 12;
  EXPECT_GT(error, 0.2);
}

RC_GTEST_PROP(Position, stays_within_bounds_whatever_it_is_told, (std::uint64_t seed)) {
  Random random(seed);
  Position position;
  const auto extreme = [&] {
    return *rc::gen::element<std::int32_t>(0, 1, -1, 1000, Coordinate::kFarthest,
                                           -Coordinate::kFarthest);
  };
  const auto any_sample = [&] {
    Position::Sample sample;
    for (auto& along : sample.there.at) along = extreme();
    sample.there.height = *rc::gen::element<std::uint32_t>(0, 1, Coordinate::kHighest);
    sample.there.error = *rc::gen::arbitrary<std::uint8_t>();
    sample.round_trip = *rc::gen::element<Duration>(0ns, 1ns, 1ms, std::chrono::hours(1));
    return sample;
  };
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) position.measured(any_sample(), random);
  std::vector<Position::Sample> samples;
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) samples.push_back(any_sample());
  position.settle(samples, random);
  for (const std::int32_t along : position.told().at) {
    RC_ASSERT(along >= -Coordinate::kFarthest && along <= Coordinate::kFarthest);
  }
  RC_ASSERT(position.told().height <= Coordinate::kHighest);
  RC_ASSERT(position.error() > 0 && position.error() <= 1);
}

TEST(Position, IsTheSameForTheSameSeed) {
  World one(30, 4);
  World other(30, 4);
  one.all_join();
  other.all_join();
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one.position(i).told(), other.position(i).told());
  }
}

}  // namespace
}  // namespace phyllo::overlay
