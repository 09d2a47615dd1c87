// Random clusters, workloads and faults: whatever happens, every invariant holds. A failing seed is
// repeated with PHYLLO_SEED, or with a full trace by `phyllo sim swarm --replay SEED --trace`.

#include <gmock/gmock.h>
#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include "sim/swarm/swarm_run.h"
#include "tests/support/seeds.h"

namespace phyllo::sim {
namespace {

constexpr std::uint64_t kShard = 25;

void expect_to_hold(const SwarmCase& swarm) {
  SCOPED_TRACE(swarm.summary());
  const SwarmOutcome outcome = run_swarm(swarm);
  if (outcome.violation) {
    const char* regions = swarm.broker.regions.empty() ? "" : "--regions ";
    ADD_FAILURE() << "replay with: phyllo sim swarm " << regions << "--replay " << swarm.seed
                  << " --trace\n"
                  << to_text(*outcome.violation);
  }
}

class Swarm : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static void SetUpTestSuite() {
    google::protobuf::SetLogHandler(nullptr);  // a line for each message that does not parse
  }
};

TEST_P(Swarm, HoldsWhateverHappens) {
  for (const std::uint64_t seed : testing::seeds(GetParam() * kShard + 1, kShard)) {
    expect_to_hold(SwarmCase::deal(seed, {}));
  }
}

INSTANTIATE_TEST_SUITE_P(Shards, Swarm, ::testing::Range<std::uint64_t>(0, 20));

/// The same where regions have rings of their own.
TEST_P(Swarm, HoldsWithRingsOfRegions) {
  constexpr std::uint64_t kFew = 3;
  for (const std::uint64_t seed : testing::seeds(GetParam() * kFew + 1, kFew)) {
    expect_to_hold(SwarmCase::deal(seed, {.rings = SwarmCase::Rings::kOfRegions}));
  }
}

/// With these, altered frames once made brokers resign and subscribers go deaf.
TEST(SwarmWithCorruption, AlteredFramesAreLossesAndNothingElse) {
  for (const std::uint64_t seed : {206, 249, 1446, 1782}) {
    const SwarmCase swarm = SwarmCase::deal(seed, {});
    EXPECT_THAT(to_text(swarm.steps), ::testing::HasSubstr(" corrupt ")) << seed;
    expect_to_hold(swarm);
  }
}

/// Whole cases beyond the shards that broke something once.
class OnceBrokenSeed : public Swarm {};

TEST_P(OnceBrokenSeed, Holds) { expect_to_hold(SwarmCase::deal(GetParam(), {})); }

// Each lost in silence the first messages of a publisher that a reader had not met, as did 192,
// 201, 203, 206, 215 and 471 in the shards.
INSTANTIATE_TEST_SUITE_P(Strangers, OnceBrokenSeed, ::testing::Values(695, 2151));

/// What the swarm found once, reduced: the cluster of a seed with the steps that mattered.
struct Found {
  std::uint64_t seed;
  const char* steps;
};

class OnceBroken : public ::testing::TestWithParam<Found> {};

void expect_steps_to_hold(const Found& found, const SwarmCase::Bounds& bounds) {
  SwarmCase swarm = SwarmCase::deal(found.seed, bounds);
  const auto steps = parse_steps(found.steps);
  ASSERT_TRUE(steps.ok()) << steps.error().message;
  swarm.steps = *steps;
  ASSERT_TRUE(check_steps(swarm).ok()) << check_steps(swarm).error().message;
  expect_to_hold(swarm);
}

TEST_P(OnceBroken, Holds) { expect_steps_to_hold(GetParam(), {}); }

class OnceBrokenWithRegions : public OnceBroken {};

TEST_P(OnceBrokenWithRegions, Holds) {
  expect_steps_to_hold(GetParam(), {.rings = SwarmCase::Rings::kOfRegions});
}

// A root's life rose after it had registered; when it did so again what it had was sent again.
INSTANTIATE_TEST_SUITE_P(RisenLife, OnceBrokenWithRegions,
                         ::testing::Values(Found{100, R"(
0.114s program 3 subscribes t/1/0 policy conflate credit 1048576 queue 0
0.342s program 0 subscribes t/0 policy drop_newest credit 1048576 queue 0
0.728s program 4 subscribes t/0 policy disconnect credit 1048576 queue 0
1.079s crash 1 silent
5.621s lose 0.28 for 3.361s
5.654s crash 4 silent
6.729s crash 0 reported
9.311s lose 0.26 for 4.837s
9.732s restart 0
10.592s restart 4
11.085s crash 3 silent
11.584s crash 2 reported
)"},
                                           Found{100, R"(
0.728s program 4 subscribes t/0 policy disconnect credit 1048576 queue 0
1.188s program 3 publishes t/1/0 28 batches of 1 every 0.029s
5.654s crash 4 silent
6.729s crash 0 reported
9.311s lose 0.26 for 4.837s
9.732s restart 0
9.761s program 0 publishes t/0 99 batches of 6 every 0.026s
10.592s restart 4
11.085s crash 3 silent
11.584s crash 2 reported
13.746s restart 2
)"},
                                           Found{1402, R"(
0.751s program 0 subscribes t/0 policy drop_newest credit 1048576 queue 0
4.537s crash 3 silent
10.322s program 1 publishes t/0 100 batches of 1 every 0.007s
10.793s cull 0.8 reported dice 564518
12.78s restart 0
)"}));

// A broker that served a reader for a shorter time than this one was there told of the later part
// of what it missed, and the reader took that for all of it.
INSTANTIATE_TEST_SUITE_P(TheReadersTime, OnceBrokenWithRegions, ::testing::Values(Found{1290, R"(
0.544s program 0 subscribes t/0 policy drop_oldest credit 1048576 queue 0
1.025s isolate 1,4,7,10,13,16 for 7.168s
2.2s program 4 publishes t/0 100 batches of 1 every 0.01s
2.569s cull 0.3 reported dice 285365
2.884s drain 4
8.792s drain 11
)"}));

// A root dropped as known what had passed it by and another root brought late, and said that it had
// taken that.
INSTANTIATE_TEST_SUITE_P(PassedBy, OnceBrokenWithRegions, ::testing::Values(Found{3519, R"(
1.163s program 10 subscribes t/0 policy conflate credit 1048576 queue 0
1.347s program 7 subscribes t/0 policy disconnect credit 1048576 queue 0
1.613s program 11 publishes t/0 90 batches of 1 every 0.032s
3.293s deafen 3,7,11 for 6.811s
8.215s isolate 0,1,2,3,7,10,11,12 for 3.767s
9.967s deafen 1,2,5,6,7,8,9,11,13 for 1.878s
11.533s program 11 publishes t/0 100 batches of 8 every 0.001s
)"}));

// A program that left while it was moving away from its broker was expected to hear more.
INSTANTIATE_TEST_SUITE_P(LeftOnTheMove, OnceBrokenWithRegions, ::testing::Values(Found{1940, R"(
0.589s program 3 subscribes t/0 policy conflate credit 1048576 queue 0
0.745s program 0 subscribes t/0 policy disconnect credit 1048576 queue 0
4.404s isolate 1,2,3,4,6,7,8,9,10,11 for 7.802s
9.614s drain 3
9.648s program 0 leaves
)"}));

// A root whose last child left while others still published kept its tree for ever.
INSTANTIATE_TEST_SUITE_P(LastChild, OnceBrokenWithRegions, ::testing::Values(Found{558, R"(
0.815s program 6 subscribes t/0 policy conflate credit 1048576 queue 0
3.181s program 2 publishes t/0 27 batches of 1 every 0.028s
5.691s cull 0.3 silent dice 464862
)"}));

// A root that got its own hand-over back kept a tree that nobody needed.
INSTANTIATE_TEST_SUITE_P(ReturningHandOver, OnceBroken,
                         ::testing::Values(Found{215, R"(
3.526s program 7 subscribes t/0 policy conflate credit 1048576 queue 0
4.604s isolate 2,6 for 8.196s
5.532s isolate 1,2,3 for 1.272s
6.105s mute 4,7 for 7.08s
6.413s program 0 subscribes t/2 policy drop_oldest credit 1048576 queue 0
)"},
                                           Found{794, R"(
0.843s pause 1 for 2.45s
0.887s program 8 subscribes t/2 policy drop_oldest credit 1048576 queue 0
0.932s program 6 subscribes t/0 policy drop_newest credit 1048576 queue 0
2.66s cull 0.3 silent dice 952415
2.865s cull 0.5 silent dice 257554
5.699s restart 3
7.082s restart 0
7.907s mute 1,4,8,9,10,11,13 for 5.037s
8.456s restart 14
)"}));

// A broker that heard of a leaving root that it would itself be the next one published to itself.
INSTANTIATE_TEST_SUITE_P(ItsOwnSuccessor, OnceBroken, ::testing::Values(Found{2615, R"(
0.069s program 4 subscribes t/0 policy drop_oldest credit 1048576 queue 0
0.538s program 3 subscribes t/0 policy drop_oldest credit 1048576 queue 0
0.86s disconnect 0
0.876s program 5 subscribes t/0 policy conflate credit 1048576 queue 0
1.105s lose 0.14 for 2.22s
2.611s program 0 publishes t/0 76 batches of 1 every 0.032s
4.152s program 6 leaves
4.43s mute 2,5 for 3.821s
5.466s mute 2 for 6.378s
8.198s disconnect 5
8.87625s clog 5 0 for 3.116697678s
9.171s program 0 publishes t/0 28 batches of 1 every 0.014s
9.374s lose 0.12 for 3.822s
10.524s program 3 leaves
11.277s program 0 publishes t/0 100 batches of 1 every 0.028s
11.734s drain 5
)"}));

// A broker that woke to find two peers silent, one of them only of use for the other, crashed.
INSTANTIATE_TEST_SUITE_P(SilentTogether, OnceBroken, ::testing::Values(Found{154, R"(
0.128s program 3 subscribes t/0 policy disconnect credit 1048576 queue 0
2.337s delay 0.16 by 0.314s for 1.627s
2.597s pause 5 for 2.44s
5.792s pause 3 for 4.76s
10.015s delay 0.05 by 0.923s for 3.043s
)"}));

}  // namespace
}  // namespace phyllo::sim
