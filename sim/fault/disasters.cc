#include "sim/fault/disasters.h"

#include <algorithm>

namespace phyllo::sim {
namespace {

/// As many links as are clogged at most, however many members there are.
constexpr std::uint64_t kMostLinks = 40;

Duration part_of(Random& random, Duration whole) {
  const auto parts = static_cast<std::uint64_t>(std::max<Duration::rep>(whole.count(), 1));
  return Duration(static_cast<Duration::rep>(random.below(parts)) + 1);
}

}  // namespace

FaultPlan clog_wave(Random& random, std::size_t brokers, Duration at, Duration window) {
  if (brokers < 2) return {};
  std::vector<StationId> members;
  for (StationId id = 0; id < brokers; ++id) {
    if (random.chance(0.4)) members.push_back(id);
  }
  FaultPlan plan;
  if (members.size() < 2) return plan;
  const std::uint64_t links = std::min<std::uint64_t>(members.size() * 2, kMostLinks);
  for (std::uint64_t i = 0; i < links; ++i) {
    const StationId from = members[random.below(members.size())];
    const StationId to = members[random.below(members.size())];
    if (from == to) continue;
    const Duration begin = window / 2 * i / links;
    plan.push_back({at + begin, Clog{from, to, part_of(random, window - begin)}});
  }
  return plan;
}

FaultPlan rolling_crash(std::size_t brokers, Duration at, Duration away, Duration between,
                        Death how) {
  FaultPlan plan;
  for (StationId id = 0; id < brokers; ++id) {
    const Duration when = at + between * id;
    plan.push_back({when, Crash{id, how}});
    plan.push_back({when + away, Restart{id}});
  }
  return plan;
}

}  // namespace phyllo::sim
