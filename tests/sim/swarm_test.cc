// Random clusters, workloads and faults: whatever happens, every invariant holds. A failing seed is
// repeated with PHYLLO_SEED, or with a full trace by `phyllo sim swarm --replay SEED --trace`.

#include <gmock/gmock.h>
#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <map>

#include "sim/swarm/swarm_run.h"
#include "tests/support/seeds.h"

namespace phyllo::sim {
namespace {

constexpr std::uint64_t kShard = 25;

/// Seeds that show a defect which is not mended yet; each is to be taken off this list by the
/// change that mends it. Loss in silence: two partitions, one after the other with other members,
/// and a publisher whose broker is in the smaller part both times. Leaf: a broker that was unheard
/// keeps its part in a tree that has no use for it any longer.
const std::map<std::uint64_t, const char*> kOpen{{114, "loss in silence"},
                                                 {203, "loss in silence"},
                                                 {209, "loss in silence"},
                                                 {403, "loss in silence"},
                                                 {215, "leaf"}};

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
  Swarm() {
    google::protobuf::SetLogHandler(nullptr);  // a line for each corrupted message
  }
};

TEST_P(Swarm, HoldsWhateverHappens) {
  for (const std::uint64_t seed : testing::seeds(GetParam() * kShard + 1, kShard)) {
    if (!kOpen.contains(seed)) expect_to_hold(seed);
  }
}

INSTANTIATE_TEST_SUITE_P(Shards, Swarm, ::testing::Range<std::uint64_t>(0, 20));

}  // namespace
}  // namespace phyllo::sim
