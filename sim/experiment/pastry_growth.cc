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

double join_messages(const Population& population, std::size_t count) {
  double sum = 0;
  for (std::size_t i = population.living() - count; i < population.living(); ++i) {
    sum += static_cast<double>(population.inhabitant(static_cast<StationId>(i)).joining_messages());
  }
  return sum / static_cast<double>(count);
}

}  // namespace

std::vector<GrownRing> run_growth(const PastrySetup& setup, std::uint64_t seed,
                                  SeedProgress& progress) {
  Population population({.seed = seed, .node = setup.node, .latency = setup.latency});
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
      ring.join_messages = join_messages(population, std::min(kJudgedJoins, size - before));
      ring.lookups = look_up_many(population, setup.growth.lookups);
      ring.rows = table_quality(population, kJudgedTables);
    }
    found.push_back(std::move(ring));
    if (found.back().hung) break;
  }
  return found;
}

}  // namespace phyllo::sim
