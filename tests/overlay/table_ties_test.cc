#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "sim/ring/ring.h"
#include "tests/support/seeds.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using overlay::NodeId;

/// Everybody is as far from everybody.
sim::Ring::Setup equidistant(std::uint64_t seed) {
  sim::Ring::Setup setup{.seed = seed};
  setup.plain = {.base = 1ms, .across = 0ms};
  setup.node.timers.table_maintenance = 500ms;
  return setup;
}

class TableTies : public ::testing::TestWithParam<std::uint64_t> {};

// Those known longest would otherwise be in all tables, and forward for all.
TEST_P(TableTies, AreBrokenDifferentlyByEachNode) {
  sim::Ring ring(equidistant(GetParam()));
  ring.network().set_weather({.jitter = 0});
  ASSERT_TRUE(ring.grow(64));
  ring.run_for(60s);
  std::map<int, std::map<NodeId, int>> chosen;  // of the first row, by first digit
  std::map<int, int> candidates;
  for (sim::StationId member = 0; member < ring.size(); ++member) {
    const NodeId self = ring.id(member);
    ++candidates[self.digit(0)];
    for (const auto& entry : ring.node(member).routing_table()) {
      if (overlay::shared_digits(self, entry.id()) == 0) ++chosen[entry.id().digit(0)][entry.id()];
    }
  }
  double popular = 0;
  int contested = 0;
  for (const auto& [digit, by_node] : chosen) {
    if (candidates[digit] < 3) continue;
    int most = 0;
    int sum = 0;
    for (const auto& [id, count] : by_node) {
      most = std::max(most, count);
      sum += count;
    }
    popular += static_cast<double>(most) / sum;
    ++contested;
  }
  ASSERT_GT(contested, 3);
  EXPECT_LT(popular / contested, .6);
}

INSTANTIATE_TEST_SUITE_P(Seeds, TableTies, ::testing::ValuesIn(seeds(1, 3)),
                         [](const auto& seed) { return std::to_string(seed.param); });

}  // namespace
}  // namespace phyllo::testing
