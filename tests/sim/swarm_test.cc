// Random clusters, workloads and faults: whatever happens, every invariant holds. A failing seed is
// repeated with PHYLLO_SEED, or with a full trace by `phyllo sim swarm --replay SEED --trace`.

#include <gmock/gmock.h>
#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <set>

#include "sim/swarm/swarm_run.h"
#include "tests/support/seeds.h"

namespace phyllo::sim {
namespace {

constexpr std::uint64_t kShard = 25;

/// Seeds that show a defect which is not mended yet; each is to be taken off this list by the
/// change that mends it. Two partitions, one after the other with other members, and a publisher
/// whose broker is in a smaller part: what a root there took is missing elsewhere, and nobody says
/// so.
const std::set<std::uint64_t> kOpen{114, 203, 209, 403};

void expect_to_hold(std::uint64_t seed) {
  const SwarmCase swarm = SwarmCase::deal(seed, {});
  SCOPED_TRACE(swarm.summary());
  const SwarmOutcome outcome = run_swarm(swarm);
  if (outcome.violation) {
    ADD_FAILURE() << "replay with: phyllo sim swarm --replay " << seed << " --trace\n"
                  << to_text(*outcome.violation);
  }
}

class Swarm : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static void SetUpTestSuite() {
    google::protobuf::SetLogHandler(nullptr);  // a line for each corrupted message
  }
};
class OnceBroken : public Swarm {};

TEST_P(Swarm, HoldsWhateverHappens) {
  for (const std::uint64_t seed : testing::seeds(GetParam() * kShard + 1, kShard)) {
    if (!kOpen.contains(seed)) expect_to_hold(seed);
  }
}

TEST_P(OnceBroken, Holds) { expect_to_hold(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Shards, Swarm, ::testing::Range<std::uint64_t>(0, 20));
// A root that got its own hand-over back kept a tree that nobody needed.
INSTANTIATE_TEST_SUITE_P(ReturningHandOver, OnceBroken, ::testing::Values(215, 794, 851));
// A peer went with the last edge of another one that fell silent at the same time.
INSTANTIATE_TEST_SUITE_P(SilentTogether, OnceBroken, ::testing::Values(154));

}  // namespace
}  // namespace phyllo::sim
