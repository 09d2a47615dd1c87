// The swarm finds what is broken on purpose, reduces it to what matters, and repeats it exactly.

#include "sim/swarm/shrink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// Holds until somebody dies without a word: a rule that this product does not promise.
SwarmOptions nobody_may_vanish() {
  SwarmOptions options;
  options.invariants.push_back({"nobody vanishes", [](const Cluster& cluster) {
                                  Findings out;
                                  for (StationId id = 0; id < 5; ++id) {
                                    if (cluster.running(id)) continue;
                                    if (cluster.now() < Time(5s)) continue;  // not started yet
                                    out.push_back(cluster.id(id).short_hex() + " is gone");
                                  }
                                  return out;
                                }});
  return options;
}

/// The first dealt case that breaks the rule.
SwarmCase find(const SwarmOptions& options) {
  for (std::uint64_t seed = 1;; ++seed) {
    const SwarmCase swarm = SwarmCase::deal(seed, {});
    const SwarmOutcome outcome = run_swarm(swarm, options);
    if (outcome.violation && outcome.violation->rule == "nobody vanishes") return swarm;
  }
}

TEST(Swarm, FindsShrinksAndRepeatsABrokenInvariant) {
  const SwarmOptions options = nobody_may_vanish();
  const SwarmCase failing = find(options);
  ASSERT_THAT(failing.steps, SizeIs(::testing::Gt(5)));

  const Shrunk shrunk = shrink(failing, options);
  ASSERT_THAT(shrunk.swarm.steps, SizeIs(1)) << to_text(shrunk.swarm.steps);
  const auto* fault = std::get_if<Fault>(&shrunk.swarm.steps[0].what);
  ASSERT_NE(fault, nullptr);
  EXPECT_TRUE(std::holds_alternative<Crash>(*fault) || std::holds_alternative<MassCrash>(*fault) ||
              std::holds_alternative<Drain>(*fault))
      << to_text(shrunk.swarm.steps);

  // What is printed is enough to see it again, bit for bit.
  SwarmCase replayed = SwarmCase::deal(failing.seed, {});
  replayed.steps = *parse_steps(to_text(shrunk.swarm.steps));
  std::vector<std::string> first;
  std::vector<std::string> second;
  const auto tracing = [&](std::vector<std::string>& lines) {
    return SwarmOptions{options.invariants,
                        [&](const std::string& line) { lines.push_back(line); }};
  };
  const SwarmOutcome once = run_swarm(replayed, tracing(first));
  const SwarmOutcome again = run_swarm(replayed, tracing(second));
  ASSERT_TRUE(once.violation && again.violation);
  EXPECT_EQ(to_text(*once.violation), to_text(shrunk.violation));
  EXPECT_EQ(to_text(*again.violation), to_text(shrunk.violation));
  EXPECT_EQ(once.fingerprint, again.fingerprint);
  EXPECT_THAT(first, Not(IsEmpty()));
  EXPECT_EQ(first, second);
}

TEST(Swarm, ShowsWhoIsConcernedAndWhatTheySaidLast) {
  const SwarmOptions options = nobody_may_vanish();
  const SwarmOutcome outcome = run_swarm(find(options), options);
  ASSERT_TRUE(outcome.violation);
  EXPECT_THAT(outcome.violation->nodes, Not(IsEmpty()));
  const std::string text = to_text(*outcome.violation);
  EXPECT_THAT(text, HasSubstr("nobody vanishes does not hold at"));
  EXPECT_THAT(text, HasSubstr("brokers: #"));
  EXPECT_THAT(text, HasSubstr("#" + std::to_string(outcome.violation->nodes[0]) + " "));
}

TEST(Swarm, ShrinksTheSameWayEveryTime) {
  const SwarmOptions options = nobody_may_vanish();
  const SwarmCase failing = find(options);
  const Shrunk one = shrink(failing, options);
  const Shrunk other = shrink(failing, options);
  EXPECT_EQ(one.swarm.steps, other.swarm.steps);
  EXPECT_EQ(one.runs, other.runs);
}

TEST(Swarm, StopsShrinkingAfterSoManyRuns) {
  const SwarmOptions options = nobody_may_vanish();
  const Shrunk shrunk = shrink(find(options), options, 3);
  EXPECT_LE(shrunk.runs, 3u);
  EXPECT_EQ(shrunk.violation.rule, "nobody vanishes");
}

TEST(Swarm, DiffersFromSeedToSeed) {
  EXPECT_NE(run_swarm(SwarmCase::deal(1, {})).fingerprint,
            run_swarm(SwarmCase::deal(2, {})).fingerprint);
}

}  // namespace
}  // namespace phyllo::sim
