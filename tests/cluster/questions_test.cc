// Surveys and casts across regions: whole brokers in three of them, eu and us nearest to each
// other.

#include <algorithm>
#include <chrono>
#include <iterator>

#include "sim/cluster/border_traffic.h"
#include "tests/cluster/rings_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using broker::client::CastDone;
using broker::client::TreeAnswer;
using broker::client::TreeRegion;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kTopic[] = "metro/line-4";

/// From us to ap is dear, through eu it is cheap and 50 ms longer.
RegionTable dear_border() {
  RegionTable regions = three_regions();
  regions.price_per_gb = {{0, 1, 1}, {1, 0, 1}, {9, 1, 0}};
  return regions;
}

class QuestionsAcrossRegions : public RegionalRings {
 protected:
  QuestionsAcrossRegions() : RegionalRings(seed_or(1), dear_border()) {}
  void SetUp() override {
    add_brokers(3);
    start_all({0, 3, 6});
    ASSERT_TRUE(whole_within(60s));
    cluster_.run_for(3s);
  }

  StationId some(const std::string& region, std::size_t which = 0) const {
    return in(region)[which];
  }
  Program& worker_at(StationId broker) {
    Program& program = cluster_.program(broker);
    program.subscribe({.topic = kTopic, .casts = Program::Casting::kTakes});
    workers_.push_back(&program);
    return program;
  }
  void one_worker_at_each_broker_of(const std::string& region) {
    for (const StationId id : in(region)) worker_at(id);
  }
  bool all_live() {
    const bool live = cluster_.run_until([&] { return cluster_.all_live(); }, kLong);
    cluster_.run_for(2s);
    return live;
  }
  TreeAnswer tree(Program& asker) {
    const std::size_t before = asker.answers().size();
    asker.ask_tree(kTopic);
    EXPECT_TRUE(cluster_.run_until([&] { return asker.answers().size() > before; }, 5s));
    return std::get<TreeAnswer>(asker.answers().back().what);
  }
  CastDone cast(Program& asker, std::uint32_t wanted, const std::string& text = "job") {
    const std::size_t before = asker.casts_done().size();
    asker.cast(kTopic, wanted, text);
    EXPECT_TRUE(cluster_.run_until([&] { return asker.casts_done().size() > before; }, 30s));
    return asker.casts_done().back();
  }
  /// How many have it in the region; nobody has it twice.
  std::size_t takers(const std::string& region, const std::string& text = "job") const {
    std::size_t takers = 0;
    for (const Program* worker : workers_) {
      const auto copies = std::ranges::count(worker->casts_taken(), text);
      EXPECT_LE(copies, 1);
      takers += copies > 0 && cluster_.region(worker->broker()) == region ? 1 : 0;
    }
    return takers;
  }
  std::size_t takers() const { return takers("ap") + takers("eu") + takers("us"); }
  void kill_all(const std::string& region) {
    for (const StationId id : in(region)) cluster_.kill(id, Death::kSilent);
  }
  static std::vector<std::string> names(const TreeAnswer& tree) {
    std::vector<std::string> names;
    std::ranges::transform(tree.regions, std::back_inserter(names), &TreeRegion::region);
    return names;
  }
  static std::uint64_t subscribers(const TreeAnswer& tree) {
    std::uint64_t sum = 0;
    for (const auto& node : tree.nodes) sum += node.local_subscribers;
    return sum;
  }

  std::vector<Program*> workers_;
};

TEST_F(QuestionsAcrossRegions, AnyBrokerShowsTheTreesOfAllRegionsAndTheBordersBetweenThem) {
  one_worker_at_each_broker_of("eu");
  one_worker_at_each_broker_of("ap");
  Program& writer = cluster_.program(some("us"));
  ASSERT_TRUE(all_live());
  for (int i = 0; i < 20; ++i) {
    writer.publish(kTopic);
    cluster_.run_for(50ms);
  }
  for (StationId broker = 0; broker < cluster_.size(); ++broker) {
    const TreeAnswer answer = tree(cluster_.program(broker));
    EXPECT_TRUE(answer.complete);
    EXPECT_FALSE(answer.regions_unknown);
    ASSERT_THAT(answer.regions, SizeIs(3));
    EXPECT_EQ(answer.regions[0].region, cluster_.region(broker)) << "the own one first";
    EXPECT_EQ(subscribers(answer), 6u);
    for (const TreeRegion& region : answer.regions) {
      const auto root = [&](const multicast::TreeNode& node) {
        return node.root && node.node.region() == region.region;
      };
      EXPECT_EQ(std::ranges::count_if(answer.nodes, root), 1) << region.region;
      const std::vector<regions::Way> from_us{{"ap", {"eu"}}, {"eu", {}}};
      EXPECT_EQ(region.ways, region.region == "us" ? from_us : std::vector<regions::Way>());
    }
  }
}

TEST_F(QuestionsAcrossRegions, ARegionThatDiedIsNamedAndTheOthersAreShown) {
  for (const char* region : {"ap", "eu", "us"}) one_worker_at_each_broker_of(region);
  ASSERT_TRUE(all_live());
  // Not the one that knows which regions there are.
  const std::string keeper = cluster_.region(cluster_.closest_to(kTopic));
  const std::string dead = keeper == "ap" ? "us" : "ap";
  kill_all(dead);
  Program& asker = cluster_.program(some("eu"));
  const TreeAnswer answer = tree(asker);
  EXPECT_FALSE(answer.complete);
  EXPECT_FALSE(answer.regions_unknown);
  for (const TreeRegion& region : answer.regions) {
    EXPECT_EQ(region.answered, region.region != dead) << region.region;
    EXPECT_EQ(region.complete, region.region != dead) << region.region;
  }
  EXPECT_EQ(subscribers(answer), 6u);
}

TEST_F(QuestionsAcrossRegions, BehindACutBorderThereIsNobodyUntilItIsMended) {
  for (const char* region : {"ap", "eu", "us"}) one_worker_at_each_broker_of(region);
  ASSERT_TRUE(all_live());
  Program& inside = cluster_.program(some("ap"));
  Program& outside = cluster_.program(some("eu"));
  const auto group = cluster_.network().cut_off(in("ap"), Cut::kBothWays);
  ASSERT_TRUE(group.has_value());
  cluster_.run_for(30s);
  EXPECT_EQ(subscribers(tree(inside)), 3u);
  const TreeAnswer rest = tree(outside);
  EXPECT_EQ(subscribers(rest), 6u);
  EXPECT_EQ(rest.complete, names(rest) == std::vector<std::string>({"eu", "us"}));
  cluster_.network().rejoin(*group);
  cluster_.run_for(40s);
  for (Program* asker : {&inside, &outside}) {
    const TreeAnswer all = tree(*asker);
    EXPECT_TRUE(all.complete);
    EXPECT_EQ(subscribers(all), 9u);
  }
}

TEST_F(QuestionsAcrossRegions, ACastStaysInTheRegionWhileThereIsSomebodyToTakeIt) {
  for (const char* region : {"ap", "eu", "us"}) one_worker_at_each_broker_of(region);
  ASSERT_TRUE(all_live());
  Program& asker = cluster_.program(some("eu"));
  const BorderTraffic traffic(cluster_);
  EXPECT_EQ(cast(asker, 3).taken, 3u);
  EXPECT_EQ(takers("eu"), 3u);
  EXPECT_EQ(takers(), 3u);
}

TEST_F(QuestionsAcrossRegions, ACastGoesOnToTheNearestRegionFirst) {
  for (const char* region : {"ap", "eu", "us"}) one_worker_at_each_broker_of(region);
  ASSERT_TRUE(all_live());
  const CastDone five = cast(cluster_.program(some("eu")), 5);
  EXPECT_EQ(five.taken, 5u);
  EXPECT_EQ(takers("eu"), 3u);
  EXPECT_EQ(takers("us"), 2u);
  EXPECT_EQ(takers("ap"), 0u);
  const CastDone other = cast(cluster_.program(some("ap")), 5, "other");
  EXPECT_EQ(other.taken, 5u);
  EXPECT_EQ(takers("ap", "other"), 3u);
  EXPECT_EQ(takers("us", "other"), 2u) << "140 ms away, and eu 160";
  const CastDone all = cast(cluster_.program(some("us")), 1'000, "all");
  EXPECT_EQ(all.taken, 9u);
  EXPECT_TRUE(all.complete);
  EXPECT_THAT(all.unreached, IsEmpty());
  EXPECT_FALSE(all.regions_unknown);
}

TEST_F(QuestionsAcrossRegions, ACastPassesByARegionThatDied) {
  one_worker_at_each_broker_of("us");
  one_worker_at_each_broker_of("ap");
  ASSERT_TRUE(all_live());
  const std::string keeper = cluster_.region(cluster_.closest_to(kTopic));
  const std::string dead = keeper == "us" ? "ap" : "us";
  const std::string left = keeper == "us" ? "us" : "ap";
  Program& asker = cluster_.program(some("eu"));
  kill_all(dead);
  const CastDone done = cast(asker, 5);
  EXPECT_EQ(done.taken, 3u);
  EXPECT_TRUE(done.complete);
  EXPECT_THAT(done.unreached, ElementsAre(dead));
  EXPECT_EQ(takers(left), 3u);
}

TEST_F(QuestionsAcrossRegions, ACastIsHonestWhenTheRegionThatHasItDies) {
  one_worker_at_each_broker_of("us");
  one_worker_at_each_broker_of("ap");
  ASSERT_TRUE(all_live());
  Program& asker = cluster_.program(some("eu"));
  asker.cast(kTopic, 6, "job");
  // By small steps: the region must die before it has said who took it.
  while (takers() == 0 && asker.casts_done().empty()) cluster_.run_for(50us);
  ASSERT_GT(takers(), 0u);
  ASSERT_LT(takers(), 3u);
  const std::string dies = takers("us") > 0 ? "us" : "ap";
  kill_all(dies);
  ASSERT_TRUE(cluster_.run_until([&] { return !asker.casts_done().empty(); }, 30s));
  const CastDone done = asker.casts_done().back();
  EXPECT_FALSE(done.complete);
  EXPECT_LE(done.taken, takers());
  EXPECT_EQ(takers(dies == "us" ? "ap" : "us"), 0u) << "nobody else may have it";
}

}  // namespace
}  // namespace phyllo::testing
