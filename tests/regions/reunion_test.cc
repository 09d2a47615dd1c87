#include "regions/reunion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/regions/alone.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

class RegionsPlace : public ::testing::Test {
 protected:
  static overlay::Contact broker(std::uint64_t id, const std::string& region) {
    const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
    return {overlay::NodeId(id), 0, {region, endpoint, endpoint}};
  }
  /// Whom it names to a visitor.
  std::set<overlay::NodeId> visit(std::uint64_t id, const std::string& region) {
    Effects effects;
    Turn turn(now_, effects);
    reunion_.on_visit(turn, broker(id, region), Seek{region});
    std::set<overlay::NodeId> named;
    for (const auto& effect : effects) {
      if (const auto* met = std::get_if<Introduce>(&effect)) introduced_.insert(met->stranger.id());
      const auto* send = std::get_if<multicast::SendDirect>(&effect);
      if (send == nullptr) continue;
      const auto message = decode(send->message);
      for (const auto& other : std::get<Sought>(*message).brokers) {
        named.insert(other.id());
      }
    }
    return named;
  }

  const Alone ring_;  // of the region "eu"
  BordersState state_{BordersConfig::lan(), RegionTable({"ap", "eu", "us"}), ring_, 1};
  Reunion reunion_{state_};
  Time now_{};
  std::set<overlay::NodeId> introduced_;
};

TEST_F(RegionsPlace, NamesWhoElseOfTheRegionAsked) {
  EXPECT_TRUE(visit(5, "us").empty());
  EXPECT_TRUE(visit(6, "ap").empty());
  EXPECT_EQ(visit(7, "us"), std::set{overlay::NodeId(5)});
  EXPECT_EQ(visit(5, "us"), std::set{overlay::NodeId(7)});
  EXPECT_TRUE(introduced_.empty());
}

TEST_F(RegionsPlace, MeetsThoseOfItsOwnRegionItself) {
  visit(5, "eu");
  EXPECT_EQ(introduced_, std::set{overlay::NodeId(5)});
}

TEST_F(RegionsPlace, ForgetsWhoHasNotAskedForLong) {
  visit(5, "us");
  now_ += state_.config.interest_life;
  EXPECT_TRUE(visit(7, "us").empty());
}

TEST_F(RegionsPlace, NamesTwoOfTheLatestOnly) {
  for (std::uint64_t id = 100; id < 200; ++id) EXPECT_LE(visit(id, "us").size(), 2u);
  std::set<overlay::NodeId> named;
  for (int i = 0; i < 200; ++i) named.merge(visit(199, "us"));
  EXPECT_EQ(named.size(), 7u);
  EXPECT_EQ(*named.begin(), overlay::NodeId(192));
}

TEST_F(RegionsPlace, RemembersNobodyOfARegionThatIsNotInTheTable) {
  visit(5, "mars");
  EXPECT_TRUE(visit(7, "mars").empty());
}

TEST_F(RegionsPlace, WhoIsNamedOfAnotherRegionIsNotIntroduced) {
  Effects effects;
  Turn turn(now_, effects);
  reunion_.on_sought(turn, broker(3, "us"),
                     {"eu", {broker(4, "us"), broker(5, "eu"), ring_.self()}});
  ASSERT_EQ(effects.size(), 1u);
  EXPECT_EQ(std::get<Introduce>(effects[0]).stranger.id(), overlay::NodeId(5));
}

}  // namespace
}  // namespace phyllo::regions
