#include "sim/experiment/regions_run.h"

#include <map>
#include <string>
#include <utility>

#include "sim/cluster/cluster.h"
#include "sim/experiment/regional_topics.h"
#include "sim/experiment/spread_watch.h"
#include "sim/network/region_matrix.h"
#include "sim/scenario/cloud_regions.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using Way = RegionsSetup::Way;

constexpr Duration kInsideARegion = 500us;  // a round trip
constexpr Duration kJoinLimit = 2min;
constexpr Duration kLiveLimit = 2min;
constexpr Duration kIdle = 30s;
/// For every message to have arrived everywhere.
constexpr Duration kSpreading = 10s;

std::unique_ptr<LatencyModel> network(const RegionsSetup& setup) {
  return std::make_unique<RegionMatrix>(cloud::table(setup.regions, kInsideARegion));
}

/// What operators would write into their files.
regions::RegionTable priced_table(const RegionsSetup& setup) {
  const RegionTable cloud = cloud::table(setup.regions, kInsideARegion);
  regions::RegionTable table(cloud.names);
  for (std::size_t from = 0; from < setup.regions; ++from) {
    for (std::size_t to = 0; to < setup.regions; ++to) {
      if (from == to) continue;
      table.border(from, to) = {.price_per_gb = cloud::price_per_gb(from, to),
                                .delay = cloud.round_trip[from][to] / 2};
    }
  }
  return table;
}

Cluster::Setup cluster_setup(const RegionsSetup& setup, Way way, std::uint64_t seed) {
  Cluster::Setup cluster{.seed = seed, .latency = [&setup] { return network(setup); }};
  broker::BrokerConfig& config = cluster.broker;
  if (way == Way::kRegions || way == Way::kRelays) {
    config.regions = cloud::table(setup.regions, kInsideARegion).names;
    if (way == Way::kRelays) config.region_table = priced_table(setup);
  } else {
    config.overlay.timers = overlay::Timers::wan();
    config.multicast = multicast::ForestConfig::wan();
    if (way == Way::kScribe) config.overlay.cross_region_factor = 1;
  }
  return cluster;
}

/// One world of whole brokers with the topics' programs.
class World {
 public:
  World(const RegionsSetup& setup, Way way, const std::vector<RegionalTopic>& topics,
        std::uint64_t seed, SeedProgress& progress)
      : setup_(setup),
        topics_(topics),
        progress_(progress),
        cluster_(cluster_setup(setup, way, seed)) {
    progress.may_abandon(cluster_.queue());
    cluster_.network().trace().keep(0);
  }

  WayFound run() {
    WayFound found;
    if (!grow()) return {.findings = {"a broker did not get in"}};
    if (!subscribe()) return {.findings = {"a subscription did not become live"}};
    // The first message finds the way; the second one goes the way of all that follow.
    publish_all();
    cluster_.run_for(kSpreading + setup_.rest);
    {
      progress_.update("idle", .7, cluster_.queue());
      const SpreadWatch idle(cluster_, topics_, setup_.regions);
      cluster_.run_for(kIdle);
      found.control_bytes_per_second =
          static_cast<double>(idle.control_bytes()) / std::chrono::duration<double>(kIdle).count();
    }
    progress_.update("publishing", .9, cluster_.queue());
    const SpreadWatch watch(cluster_, topics_, setup_.regions);
    publish_all();
    cluster_.run_for(kSpreading);
    found.spreads = watch.spreads();
    found.findings = cluster_.ledger().complaints();
    return found;
  }

 private:
  /// One broker of each region at a time; all of them know the first of each.
  bool grow() {
    std::vector<StationId> seeds;
    const auto& names = cloud::names();
    for (std::size_t round = 0; round < setup_.brokers; ++round) {
      for (std::size_t region = 0; region < setup_.regions; ++region) {
        const StationId id = cluster_.add(names[region]);
        cluster_.start(id, seeds);
        if (round == 0) {
          seeds.push_back(id);
          if (!cluster_.run_until([&] { return cluster_.all_active(); }, kJoinLimit)) return false;
        }
      }
      if (!cluster_.run_until([&] { return cluster_.all_active(); }, kJoinLimit)) return false;
      progress_.update("joining",
                       .4 * static_cast<double>(round) / static_cast<double>(setup_.brokers),
                       cluster_.queue());
    }
    return true;
  }

  bool subscribe() {
    for (const RegionalTopic& topic : topics_) {
      for (const StationId member : topic.members) program(member).subscribe(topic.name.text());
    }
    progress_.update("subscribing", .4, cluster_.queue());
    return cluster_.run_until([&] { return cluster_.all_live(); }, kLiveLimit);
  }

  void publish_all() {
    for (const RegionalTopic& topic : topics_) program(topic.publisher).publish(topic.name.text());
  }

  /// One for each broker that anybody wants something of.
  Program& program(StationId broker) {
    const auto found = programs_.find(broker);
    if (found != programs_.end()) return *found->second;
    return *programs_.emplace(broker, &cluster_.program(broker)).first->second;
  }

  const RegionsSetup& setup_;
  const std::vector<RegionalTopic>& topics_;
  SeedProgress& progress_;
  Cluster cluster_;
  std::map<StationId, Program*> programs_;
};

/// What is not our software spreads on a network with the same brokers at the same places.
WayFound reckon(const RegionsSetup& setup, Way way, const std::vector<RegionalTopic>& topics,
                std::uint64_t seed) {
  Random random(seed);
  const auto stations = network_with_brokers(setup);
  WayFound found;
  for (const RegionalTopic& topic : topics) {
    found.spreads.push_back(way == Way::kMesh ? spread_by_mesh(topic, setup.regions, *stations)
                                              : spread_by_gossip(topic, setup.regions, setup.degree,
                                                                 *stations, random));
  }
  return found;
}

}  // namespace

std::unique_ptr<LatencyModel> network_with_brokers(const RegionsSetup& setup) {
  auto brokers = network(setup);
  Random none(0);  // nothing about them is random
  for (std::size_t i = 0; i < setup.regions * setup.brokers; ++i) {
    brokers->add_station({.region = cloud::names()[region_of(i, setup.regions)]}, none);
  }
  return brokers;
}

std::vector<RegionalTopic> topics_of(const RegionsSetup& setup, std::uint64_t seed) {
  Random random(seed);
  return draw_topics({.regions = setup.regions,
                      .brokers = setup.brokers,
                      .topics = setup.topics,
                      .skew = setup.skew,
                      .local = setup.local},
                     random);
}

WayFound run_way(const RegionsSetup& setup, Way way, const std::vector<RegionalTopic>& topics,
                 std::uint64_t seed, SeedProgress& progress) {
  if (way == Way::kMesh || way == Way::kGossip) return reckon(setup, way, topics, seed);
  return World(setup, way, topics, seed, progress).run();
}

}  // namespace phyllo::sim
