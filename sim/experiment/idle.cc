#include "sim/experiment/idle.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "base/check.h"
#include "sim/cluster/border_traffic.h"
#include "sim/experiment/bounds.h"
#include "sim/experiment/seed_runner.h"
#include "sim/network/region_matrix.h"
#include "sim/oracle/cluster_oracle.h"
#include "sim/scenario/cloud_regions.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostBrokers = 500;
constexpr Duration kLongest = 24h;
constexpr Duration kJoinLimit = 2min;
constexpr Duration kInsideARegion = 1ms;
/// What no idle broker may send over the borders in a second.
constexpr double kBytesAllowed = 1000;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

struct Idled {
  double frames = 0;  ///< in a second by each broker, on average
  double bytes = 0;
  double most_bytes = 0;  ///< of the broker that sent the most
  Findings findings;
};

Idled run_size(const IdleSetup& setup, std::size_t regions, std::uint64_t seed,
               SeedProgress& progress) {
  Cluster::Setup cluster_setup{
      .seed = seed, .latency = [&] {
        return std::make_unique<RegionMatrix>(cloud::table(regions, kInsideARegion));
      }};
  cluster_setup.broker.regions = cloud::table(regions, kInsideARegion).names;
  cluster_setup.broker.global_ring = setup.global_ring;
  Cluster cluster(std::move(cluster_setup));
  progress.may_abandon(cluster.queue());
  cluster.network().trace().keep(0);
  const std::size_t all = regions * setup.brokers;
  std::vector<StationId> seeds;  // the first of each region
  for (StationId id = 0; id < all; ++id) {
    cluster.add(cloud::names()[id % regions]);
    if (id < regions) seeds.push_back(id);
    cluster.start(id, id == 0 ? std::vector<StationId>{} : seeds);
    if (!cluster.run_until([&] { return cluster.all_active(); }, kJoinLimit)) {
      return {.findings = {"a broker did not get in"}};
    }
    progress.update("joining", .3 * static_cast<double>(id) / static_cast<double>(all),
                    cluster.queue());
  }
  cluster.run_for(setup.rest);
  progress.update("measuring", .5, cluster.queue());
  const BorderTraffic traffic(cluster);
  cluster.run_for(setup.measured);
  const double each = static_cast<double>(all) * seconds(setup.measured);
  return {.frames = static_cast<double>(traffic.frames()) / each,
          .bytes = static_cast<double>(traffic.bytes()) / each,
          .most_bytes = static_cast<double>(traffic.most_bytes()) / seconds(setup.measured),
          .findings = check_leaf_sets(cluster)};
}

using Of = double Idled::*;

double median_of(const std::vector<Idled>& runs, Of of) {
  std::vector<double> values;
  for (const Idled& run : runs) values.push_back(run.*of);
  return median(std::move(values));
}

void note_violations(std::size_t regions, const std::vector<Idled>& runs, Report& report) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string where =
        std::to_string(regions) + " regions, seed " + std::to_string(report.seeds[i]) + ": ";
    for (const std::string& finding : runs[i].findings)
      report.violations.push_back(where + finding);
    if (runs[i].most_bytes >= kBytesAllowed) {
      report.violations.push_back(where + "a broker sends 1 kB/s or more over borders");
    }
  }
}

}  // namespace

Outcome check(const IdleSetup& setup) {
  if (auto ok = check(setup.runs); !ok) return ok;
  if (setup.regions.empty()) return impossible("no number of regions is given");
  for (const std::size_t regions : setup.regions) {
    if (auto ok = within("regions", regions, 2, cloud::names().size()); !ok) return ok;
  }
  if (auto ok = within("brokers in a region", setup.brokers, 1, kMostBrokers); !ok) return ok;
  if (auto ok = longer_than_nothing("the measurement", setup.measured); !ok) return ok;
  if (std::max(setup.measured, setup.rest) > kLongest) return impossible("it lasts over a day");
  return Done{};
}

Report run_idle(const IdleSetup& setup, Progress& progress) {
  PHYLLO_CHECK(check(setup).ok());
  const auto runs = run_seeds<std::vector<Idled>>(
      setup.runs, progress, [&](std::uint64_t seed, SeedProgress& mine) {
        std::vector<Idled> idled;
        const auto count = static_cast<double>(setup.regions.size());
        for (const std::size_t regions : setup.regions) {
          const auto done = static_cast<double>(idled.size());
          mine.next_world(done / count, (done + 1) / count);
          idled.push_back(run_size(setup, regions, seed, mine));
        }
        return idled;
      });
  Report report;
  report.title = "Idle: what rings cost between regions when nobody publishes";
  report.seeds = seeds_run(setup.runs, runs);
  if (runs.empty()) return report;
  Table table;
  table.title = "Sent over borders by each broker";
  table.columns = {"regions", "brokers in each", "frames/s", "bytes/s",
                   "bytes/s of the busiest broker"};
  table.note = "Bytes of a frame and " + std::to_string(kFrameOverhead) +
               " more: its TCP segment, the acknowledgement, and ZeroMQ's length.";
  for (std::size_t i = 0; i < setup.regions.size(); ++i) {
    std::vector<Idled> of_size;
    for (const auto& run : runs) of_size.push_back(run[i]);
    table.rows.push_back({static_cast<std::int64_t>(setup.regions[i]),
                          static_cast<std::int64_t>(setup.brokers),
                          median_of(of_size, &Idled::frames), median_of(of_size, &Idled::bytes),
                          median_of(of_size, &Idled::most_bytes)});
    note_violations(setup.regions[i], of_size, report);
  }
  report.tables.push_back(std::move(table));
  return report;
}

}  // namespace phyllo::sim
