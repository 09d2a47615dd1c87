#include "sim/experiment/scribe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace phyllo::sim {
namespace {

using Part = ScribeSetup::Part;

TEST(ScribeSetup, TheDefaultsAreThePublishedOnes) {
  const ScribeSetup setup;
  EXPECT_TRUE(check(setup).ok());
  EXPECT_EQ(setup.network.routers(), 5050u);
  EXPECT_EQ(setup.trees.nodes, 100'000u);
  EXPECT_EQ(setup.runs.seeds.size(), 10u);
}

TEST(ScribeSetup, RefusesWhatCannotBe) {
  const std::vector<std::function<void(ScribeSetup&)>> mistakes = {
      [](ScribeSetup& s) { s.runs.seeds.clear(); },
      [](ScribeSetup& s) { s.parts.clear(); },
      [](ScribeSetup& s) { s.network.transit_domains = 0; },
      [](ScribeSetup& s) { s.trees.nodes = 1; },
      [](ScribeSetup& s) { s.trees.groups = 0; },
      [](ScribeSetup& s) { s.trees.skew = -1; },
      [](ScribeSetup& s) { s.trees.skew = std::nan(""); },
      [](ScribeSetup& s) { s.children_limit = 0; },
      [](ScribeSetup& s) { s.small.groups = 0; },
      [](ScribeSetup& s) { s.small.members = s.small.nodes + 1; },
  };
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    ScribeSetup setup;
    mistakes[i](setup);
    const Outcome outcome = check(setup);
    ASSERT_FALSE(outcome.ok()) << "mistake " << i;
    EXPECT_EQ(outcome.error().code, ErrorCode::kInvalidArgument);
    EXPECT_FALSE(outcome.error().message.empty());
  }
}

TEST(ScribeSetup, DoesNotMindPartsThatAreNotChosen) {
  ScribeSetup setup;
  setup.parts = {Part::kSmall};
  setup.trees.nodes = 0;
  setup.children_limit = 0;
  EXPECT_TRUE(check(setup).ok());
}

}  // namespace
}  // namespace phyllo::sim
