#include <gtest/gtest.h>

#include "sim/network/plain.h"
#include "sim/network/region_matrix.h"
#include "sim/network/sphere.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

RegionTable two_regions() {
  return {{"east", "west"}, {{1ms, 80ms}, {90ms, 2ms}}, {{0.0, 0.02}, {0.09, 0.01}}};
}

overlay::Wire wire_of(std::size_t bytes) { return {std::string(bytes, 'x'), {}}; }

TEST(PlainModel, DelayGrowsWithTheDistanceOnTopOfAFixedPart) {
  Random random(1);
  PlainModel model({.base = 1ms, .across = 10ms});
  model.add_station({.position = Position{0, 0}}, random);
  model.add_station({.position = Position{0.3, 0.4}}, random);
  EXPECT_EQ(model.delay(0, 0), 1ms);
  EXPECT_EQ(model.delay(0, 1), 6ms);
  EXPECT_EQ(model.delay(1, 0), 6ms);
}

TEST(PlainModel, StationsWithoutAPositionStandAnywhere) {
  Random random(1);
  PlainModel model;
  for (int i = 0; i < 3; ++i) model.add_station({}, random);
  EXPECT_NE(model.delay(0, 1), model.delay(0, 2));
}

TEST(SphereModel, OppositePointsAreHalfWayRoundAndNeighboursAcrossTheDateLineAreNear) {
  Random random(1);
  SphereModel model({.base = 1ms, .half_way_round = 100ms});
  model.add_station({.position = Position{0, 0.5}}, random);
  model.add_station({.position = Position{0.5, 0.5}}, random);
  model.add_station({.position = Position{0.999, 0.5}}, random);
  model.add_station({.position = Position{0.7, 1}}, random);  // a pole, whatever the longitude
  const auto near = [](Duration a, Duration b) { return a > b - 10us && a < b + 10us; };
  EXPECT_TRUE(near(model.delay(0, 1), 101ms));
  EXPECT_TRUE(near(model.delay(0, 2), 1200us));
  EXPECT_TRUE(near(model.delay(0, 3), 51ms));
  EXPECT_TRUE(near(model.delay(1, 3), 51ms));
}

TEST(SphereModel, EqualAreasAreEquallyLikely) {
  Random random(7);
  SphereModel model({.base = 0ms, .half_way_round = 180ms});
  constexpr StationId kStations = 4000;
  model.add_station({.position = Position{0.2, 0.3}}, random);
  int near = 0;
  for (StationId i = 1; i <= kStations; ++i) {
    model.add_station({}, random);
    near += model.delay(0, i) < 60ms ? 1 : 0;  // a cap of 60° is a quarter of the sphere
  }
  EXPECT_NEAR(near, kStations / 4, kStations / 40);
}

TEST(RegionMatrix, AMessageTakesHalfTheRoundTripOfItsDirection) {
  Random random(1);
  RegionMatrix model(two_regions());
  for (const char* region : {"east", "west", "west"}) model.add_station({.region = region}, random);
  EXPECT_EQ(model.delay(0, 1), 40ms);
  EXPECT_EQ(model.delay(1, 0), 45ms);
  EXPECT_EQ(model.delay(1, 2), 1ms);
}

TEST(RegionMatrix, CountsAndPricesWhatCrossesEachBorder) {
  Random random(1);
  RegionMatrix model(two_regions());
  for (const char* region : {"east", "west", "west"}) model.add_station({.region = region}, random);
  model.carried(0, 1, wire_of(1'000'000));
  model.carried(0, 2, wire_of(1'000'000));
  model.carried(1, 0, wire_of(500'000));
  model.carried(1, 2, wire_of(3'000'000));
  EXPECT_EQ(model.traffic(0, 1).messages, 2u);
  EXPECT_EQ(model.traffic(0, 1).bytes, 2'000'000u);
  EXPECT_EQ(model.crossing().bytes, 2'500'000u);
  EXPECT_DOUBLE_EQ(model.cost(), 0.002 * 0.02 + 0.0005 * 0.09 + 0.003 * 0.01);
  model.forget_traffic();
  EXPECT_EQ(model.cost(), 0);
}

TEST(RegionMatrix, AStationOfNoKnownRegionIsPutIntoAnyOne) {
  Random random(1);
  RegionMatrix model(two_regions());
  std::size_t west = 0;
  for (StationId i = 0; i < 100; ++i) {
    model.add_station({}, random);
    west += model.region_of(i);
  }
  EXPECT_GT(west, 30u);
  EXPECT_LT(west, 70u);
}

TEST(RegionTable, SaysWhatIsWrongWithIt) {
  const auto wrong = [](auto&& spoil) {
    RegionTable table = two_regions();
    spoil(table);
    const Outcome outcome = table.check();
    return outcome.ok() ? "nothing" : outcome.error().message;
  };
  EXPECT_EQ(wrong([](RegionTable&) {}), "nothing");
  EXPECT_EQ(wrong([](RegionTable& t) { t.price_per_gb.clear(); }), "nothing");
  EXPECT_EQ(wrong([](RegionTable& t) { t = {}; }), "there is no region");
  EXPECT_EQ(wrong([](RegionTable& t) { t.names[1] = "east"; }), "region east stands there twice");
  EXPECT_EQ(wrong([](RegionTable& t) { t.round_trip.pop_back(); }),
            "the table of round trips has 1 rows for 2 regions");
  EXPECT_EQ(wrong([](RegionTable& t) { t.price_per_gb[1].push_back(1); }),
            "the prices from west are 3 for 2 regions");
  EXPECT_EQ(wrong([](RegionTable& t) { t.round_trip[0][1] = 0ms; }),
            "the round trip from east to west is out of range");
  EXPECT_EQ(wrong([](RegionTable& t) { t.price_per_gb[0][0] = -1; }),
            "the price from east to east is out of range");
}

}  // namespace
}  // namespace phyllo::sim
