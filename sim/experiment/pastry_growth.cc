#include "sim/experiment/pastry_growth.h"

#include <algorithm>
#include <cmath>

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kJoinLimit = 10min;
constexpr Duration kRest = 10s;  // the last newcomers' first messages
constexpr std::size_t kJudgedTables = 500;
constexpr std::size_t kJudgedJoins = 200;

Traffic traffic_of_joins(const Population& population, std::size_t count) {
  Traffic sum;
  for (std::size_t i = population.living() - count; i < population.living(); ++i) {
    sum.add(population.inhabitant(static_cast<StationId>(i)).joining());
  }
  return sum;
}

}  // namespace

std::vector<GrownRing> run_growth(const PastrySetup& setup, std::uint64_t seed,
                                  SeedProgress& progress) {
  Population population({.seed = seed, .node = setup.node, .latency = setup.latency});
  progress.may_abandon(population.queue());
  std::vector<GrownRing> found;
  const auto last = static_cast<double>(setup.growth.sizes.back());
  for (const std::size_t size : setup.growth.sizes) {
    GrownRing ring;
    ring.nodes = size;
    const std::size_t before = population.living();
    ring.hung = !population.grow(size - before, kJoinLimit, [&](std::size_t i) {
      if (i % 64 == 0) {
        progress.update("joining", static_cast<double>(before + i) / last, population.queue());
      }
    });
    if (!ring.hung) {
      population.run_for(kRest);
      ring.judged_joins = std::min(kJudgedJoins, size - before);
      ring.joins = traffic_of_joins(population, ring.judged_joins);
      ring.lookups = look_up_pairs(population, setup.growth.lookups);
      ring.rows = table_quality(population, kJudgedTables);
    }
    found.push_back(std::move(ring));
    if (found.back().hung) break;
  }
  return found;
}

}  // namespace phyllo::sim
