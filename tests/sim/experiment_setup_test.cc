#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>

#include "sim/experiment/churn_setup.h"
#include "sim/experiment/heal_setup.h"
#include "sim/experiment/mass_failure_setup.h"
#include "sim/experiment/pastry_setup.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

template <class Setup, class Change>
std::string complaint(Change change) {
  Setup setup;
  change(setup);
  const Outcome outcome = check(setup);
  return outcome.ok() ? "" : outcome.error().message;
}

template <class Setup>
class AnyExperiment : public ::testing::Test {};
using Setups = ::testing::Types<PastrySetup, ChurnSetup, MassFailureSetup, HealSetup>;
TYPED_TEST_SUITE(AnyExperiment, Setups);

TYPED_TEST(AnyExperiment, TakesItsOwnDefaults) {
  EXPECT_EQ(complaint<TypeParam>([](auto&) {}), "");
}

TYPED_TEST(AnyExperiment, RefusesRunsThatCannotBe) {
  const auto of = [](auto change) {
    return complaint<TypeParam>([&](TypeParam& setup) { change(setup.runs); });
  };
  EXPECT_THAT(of([](Runs& runs) { runs.seeds.clear(); }), HasSubstr("no seed"));
  EXPECT_THAT(of([](Runs& runs) { runs.seeds = {3, 1, 3}; }), HasSubstr("seed 3 is given twice"));
  EXPECT_THAT(of([](Runs& runs) { runs.threads = 0; }), HasSubstr("threads is 0"));
}

TYPED_TEST(AnyExperiment, RefusesALeafSetThatCannotBe) {
  const auto of = [](std::size_t size) {
    return complaint<TypeParam>([&](TypeParam& setup) { setup.node.leaf_set_size = size; });
  };
  EXPECT_THAT(of(0), HasSubstr("leaf set is 0, which is not between 2 and 128"));
  EXPECT_THAT(of(17), HasSubstr("odd"));
  EXPECT_THAT(of(130), HasSubstr("not between"));
}

TEST(PastrySetup, RefusesWhatIsImpossible) {
  const auto of = [](auto change) { return complaint<PastrySetup>(change); };
  EXPECT_THAT(of([](auto& s) { s.parts.clear(); }), HasSubstr("no part"));
  EXPECT_THAT(of([](auto& s) { s.growth.sizes = {}; }), HasSubstr("no ring size"));
  EXPECT_THAT(of([](auto& s) { s.growth.sizes = {200, 100}; }), HasSubstr("ascend"));
  EXPECT_THAT(of([](auto& s) { s.growth.sizes = {1}; }), HasSubstr("ring size is 1"));
  EXPECT_THAT(of([](auto& s) { s.growth.lookups = 0; }), HasSubstr("growth: lookups is 0"));
  EXPECT_THAT(of([](auto& s) { s.failures.share = 1; }), HasSubstr("share is 1"));
  EXPECT_THAT(of([](auto& s) { s.failures.share = std::numeric_limits<double>::quiet_NaN(); }),
              HasSubstr("failures: share is nan"));
  EXPECT_THAT(of([](auto& s) { s.failures.replicas = 10; }), HasSubstr("not between 1 and 9"));
  EXPECT_THAT(of([](auto& s) { s.replicas.leaf_set_size = 7; }), HasSubstr("odd"));
  EXPECT_THAT(of([](auto& s) { s.replicas.replicas = 6; }), HasSubstr("not between 1 and 5"));
}

TEST(PastrySetup, LooksOnlyAtThePartsThatAreChosen) {
  EXPECT_EQ(complaint<PastrySetup>([](PastrySetup& setup) {
              setup.parts = {PastrySetup::Part::kGrowth};
              setup.failures.share = 7;
            }),
            "");
}

TEST(ChurnSetup, RefusesWhatIsImpossible) {
  const auto of = [](auto change) { return complaint<ChurnSetup>(change); };
  EXPECT_THAT(of([](auto& s) { s.nodes = 1; }), HasSubstr("nodes is 1"));
  EXPECT_THAT(of([](auto& s) { s.sessions = {}; }), HasSubstr("no session"));
  EXPECT_THAT(of([](auto& s) { s.sessions = {1min, 0s}; }), HasSubstr("a session"));
  EXPECT_THAT(of([](auto& s) { s.losses = {}; }), HasSubstr("no link loss"));
  EXPECT_THAT(of([](auto& s) { s.losses = {1}; }), HasSubstr("link loss is 1"));
  EXPECT_THAT(of([](auto& s) { s.losses = {-.1}; }), HasSubstr("link loss is -0.1"));
  EXPECT_THAT(of([](auto& s) { s.settle = -1s; }), HasSubstr("negative"));
  EXPECT_THAT(of([](auto& s) { s.length = 0s; }), HasSubstr("measured time"));
  EXPECT_THAT(of([](auto& s) { s.lookups = 0; }), HasSubstr("lookups"));
}

TEST(MassFailureSetup, RefusesWhatIsImpossible) {
  const auto of = [](auto change) { return complaint<MassFailureSetup>(change); };
  EXPECT_THAT(of([](auto& s) { s.shares = {}; }), HasSubstr("no share"));
  EXPECT_THAT(of([](auto& s) { s.subscribers = 0; }), HasSubstr("subscribers is 0"));
  EXPECT_THAT(of([](auto& s) { s.shares = {.5, 1}; }), HasSubstr("die is 1"));
  EXPECT_THAT(of([](auto& s) { s.lookups = -1; }), HasSubstr("lookups"));
  EXPECT_THAT(of([](auto& s) { s.limit = 0s; }), HasSubstr("limit"));
}

TEST(HealSetup, RefusesWhatIsImpossible) {
  const auto of = [](auto change) { return complaint<HealSetup>(change); };
  EXPECT_THAT(of([](auto& s) { s.shares = {}; }), HasSubstr("no size"));
  EXPECT_THAT(of([](auto& s) { s.shares = {0}; }), HasSubstr("side is 0"));
  EXPECT_THAT(of([](auto& s) { s.durations = {}; }), HasSubstr("no duration"));
  EXPECT_THAT(of([](auto& s) { s.durations = {0s}; }), HasSubstr("a cut"));
  EXPECT_THAT(of([](auto& s) { s.limit = -1s; }), HasSubstr("limit"));
}

}  // namespace
}  // namespace phyllo::sim
