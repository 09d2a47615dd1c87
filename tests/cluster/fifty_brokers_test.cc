// Fifty whole brokers at a time, two hundred seeds of each scenario: what happens is drawn from the
// seed, and afterwards every invariant is judged from outside: the ring (structures, exact leaf
// sets, one cycle, one root for each key, short ways), the trees (one root, both ends of each edge
// agree, no cycle, nobody without a use), the programs (everything once, in order, reported where
// it is lost, the next publication everywhere), and how soon.

#include <algorithm>
#include <iostream>

#include "sim/oracle/cluster_oracle.h"
#include "sim/oracle/recovery.h"
#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

constexpr std::size_t kBrokers = 50;
constexpr std::size_t kPrograms = 24;
constexpr std::size_t kPublishers = 4;
constexpr Duration kInterval = 50ms;  // of each publisher
constexpr std::uint64_t kShards = 10;
/// Sanitizers make everything ten times slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kSeeds = kShards;
#else
constexpr std::uint64_t kSeeds = 200;
#endif

/// Every third run limits children, so that trees are deep.
broker::BrokerConfig config_of(std::uint64_t seed) {
  auto config = lan_config();
  config.multicast.children_limit = seed % 3 == 0 ? 4 : 0;
  return config;
}

/// One run of one scenario.
class Story {
 public:
  explicit Story(std::uint64_t seed)
      : cluster_({.seed = seed, .broker = config_of(seed)}), watch_(cluster_, 100ms) {}

  std::uint64_t dice(std::uint64_t sides) { return cluster_.random().below(sides); }
  Death any_death() { return dice(2) == 0 ? Death::kReported : Death::kSilent; }
  std::string any_topic() { return "topic/" + std::to_string(dice(3)); }

  /// All at once; the first three are everybody's seeds.
  void start_all(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) cluster_.add();
    for (StationId id = 0; id < count; ++id) cluster_.start(id, {0, 1, 2});
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_active(); }, 30s));
  }
  /// Programs all over the cluster; some of them publish for as long as `duration`.
  void begin_traffic(Duration duration) {
    cluster_.run_for(1s);  // roots that are new wait before they number anything
    for (std::size_t i = 0; i < kPrograms; ++i) {
      Program& program = cluster_.program(cluster_.pick(cluster_.active()));
      program.subscribe(any_topic());
      quiet_at_ = cluster_.now() + duration + kInterval;
      if (i < kPublishers) publish_regularly(program, any_topic(), duration);
    }
    ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, 10s));
    cluster_.run_for(3 * kInterval);  // everybody has heard of every publisher
  }
  void begin(Duration duration) {
    start_all(kBrokers);
    begin_traffic(duration);
  }
  std::vector<StationId> some_brokers(std::size_t count) {
    auto all = cluster_.active();
    for (std::size_t i = 0; i < count; ++i) std::swap(all[i], all[i + dice(all.size() - i)]);
    all.resize(count);
    return all;
  }
  /// From here on nothing more happens to the cluster.
  void expect_all_well(const RecoveryTimes& times) {
    EXPECT_THAT(check_recovery(cluster_, times), IsEmpty());
    cluster_.run_for(std::max(quiet_at_ - cluster_.now(), Duration::zero()));
    EXPECT_TRUE(cluster_.run_until([&] { return cluster_.all_acknowledged(); }, times.trees));
    cluster_.run_for(500ms);
    EXPECT_THAT(check_publications(cluster_), IsEmpty());
    EXPECT_THAT(check_at_rest(cluster_), IsEmpty());
    EXPECT_THAT(watch_.structures(), IsEmpty());
    EXPECT_THAT(check_cleanup(cluster_, times.cleanup), IsEmpty());
  }
  void expect_nobody_claimed_anothers_keys() { EXPECT_THAT(watch_.claims(), IsEmpty()); }

  Cluster& cluster() { return cluster_; }

 private:
  void publish_regularly(Program& program, const std::string& topic, Duration duration) {
    for (Duration at{}; at < duration; at += kInterval) {
      cluster_.after(at + Duration(dice(kInterval.count())),
                     [&program, topic] { program.publish(topic); });
    }
  }

  Cluster cluster_;
  ClusterWatch watch_;
  Time quiet_at_{};  ///< nobody publishes by himself any more
};

using Scenario = void (*)(Story&);

void a_join_storm(Story& story) {
  Cluster& cluster = story.cluster();
  story.start_all(10);
  story.begin_traffic(3s);
  const bool one_seed = story.dice(2) == 0;
  for (std::size_t i = 10; i < kBrokers; ++i) {
    const StationId id = cluster.add();
    cluster.start(id, one_seed ? std::vector<StationId>{0} : story.some_brokers(3));
    cluster.run_for(Duration(story.dice(20'000'000)));
  }
  story.expect_all_well(RecoveryTimes::after_failures(cluster.setup().broker));
  story.expect_nobody_claimed_anothers_keys();
  EXPECT_EQ(cluster.ledger().gap_messages(), 0u);
}

void leaves(Story& story) {
  Cluster& cluster = story.cluster();
  story.begin(4s);
  for (const StationId id : story.some_brokers(5 + story.dice(15))) {
    cluster.drain(id);
    cluster.run_for(Duration(story.dice(300'000'000)));
  }
  cluster.run_for(1s);
  story.expect_all_well(RecoveryTimes::after_failures(cluster.setup().broker));
  story.expect_nobody_claimed_anothers_keys();
}

void crashes_of_a_third(Story& story) {
  Cluster& cluster = story.cluster();
  story.begin(3s);
  for (const StationId id : story.some_brokers(kBrokers * 3 / 10)) {
    cluster.kill(id, story.any_death());
  }
  cluster.run_for(1s);
  story.expect_all_well(RecoveryTimes::after_failures(cluster.setup().broker));
}

/// All the neighbours that one broker has on one side.
void the_crash_of_half_a_leaf_set(Story& story) {
  Cluster& cluster = story.cluster();
  story.begin(3s);
  const auto& node = cluster.broker(cluster.pick(cluster.active())).node();
  const Death death = story.any_death();
  for (const auto& leaf : story.dice(2) == 0 ? node.left_leaves() : node.right_leaves()) {
    cluster.kill(*cluster.station_of(leaf.id()), death);
  }
  cluster.run_for(1s);
  story.expect_all_well(RecoveryTimes::after_failures(cluster.setup().broker));
}

void rejoin(Story& story, Duration after) {
  Cluster& cluster = story.cluster();
  story.begin(after + 3s);
  const auto victims = story.some_brokers(3 + story.dice(8));
  for (const StationId id : victims) cluster.kill(id, story.any_death());
  cluster.run_for(after);
  for (const StationId id : victims) cluster.start(id, {cluster.pick(cluster.active())});
  cluster.run_for(1s);
  story.expect_all_well(RecoveryTimes::after_failures(cluster.setup().broker));
}
void rejoins_before_detection(Story& story) { rejoin(story, Duration(story.dice(400'000'000))); }
void rejoins_after_detection(Story& story) {
  rejoin(story, 3s + Duration(story.dice(1'000'000'000)));
}

void a_partition(Story& story) {
  Cluster& cluster = story.cluster();
  const Duration apart = 500ms + Duration(story.dice(8'000'000'000));
  story.begin(apart + 2s);
  for (const StationId id : story.some_brokers(1 + story.dice(kBrokers / 2))) {
    cluster.network().put_on_side(id, 1);
  }
  cluster.run_for(apart);
  cluster.network().mend_all();
  cluster.run_for(1s);
  story.expect_all_well(RecoveryTimes::after_partition(cluster.setup().broker));
}

struct Named {
  const char* name;
  Scenario live;
};
constexpr Named kScenarios[] = {
    {"AJoinStorm", a_join_storm},
    {"Leaves", leaves},
    {"CrashesOfAThird", crashes_of_a_third},
    {"TheCrashOfHalfALeafSet", the_crash_of_half_a_leaf_set},
    {"RejoinsBeforeDetection", rejoins_before_detection},
    {"RejoinsAfterDetection", rejoins_after_detection},
    {"APartition", a_partition},
};

using Case = std::tuple<Named, std::uint64_t>;
class FiftyBrokers : public ::testing::TestWithParam<Case> {};

TEST_P(FiftyBrokers, KeepEveryInvariantAfter) {
  const auto& [scenario, shard] = GetParam();
  const std::uint64_t count = kSeeds / kShards;
  for (const std::uint64_t seed : seeds(1 + shard * count, count)) {
    Story story(seed);
    scenario.live(story);
    if (!HasFailure()) continue;
    std::cout << "replay with PHYLLO_SEED=" << seed << "\n" << story.cluster().ledger().stories();
    return;
  }
}

INSTANTIATE_TEST_SUITE_P(, FiftyBrokers,
                         ::testing::Combine(::testing::ValuesIn(kScenarios),
                                            ::testing::Range<std::uint64_t>(0, kShards)),
                         [](const auto& param) {
                           return std::get<0>(param.param).name + std::string("_") +
                                  std::to_string(std::get<1>(param.param));
                         });

}  // namespace
}  // namespace phyllo::testing
