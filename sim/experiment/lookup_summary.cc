#include "sim/experiment/lookup_summary.h"

#include <algorithm>

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kAtATime = 100;
constexpr Duration kPatience = 2min;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

template <class SendOne>
LookupSummary send_all(Population& population, std::size_t count, SendOne send_one) {
  const std::size_t first = population.lookups();
  for (std::size_t i = 0; i < count; ++i) {
    send_one();
    if (i % kAtATime == kAtATime - 1) population.run_for(1ms);
  }
  std::size_t open = first;
  population.run_until(
      [&] {
        while (open < first + count && population.lookup(open).end != Lookup::End::kUnderWay) {
          ++open;
        }
        return open == first + count;
      },
      kPatience);
  return summarize(population, first, first + count);
}

}  // namespace

LookupSummary summarize(const Population& population, std::size_t first, std::size_t end) {
  LookupSummary summary;
  double way = 0;
  double direct = 0;
  double delay = 0;
  for (std::size_t i = first; i < end; ++i) {
    const Lookup& lookup = population.lookup(i);
    ++summary.sent;
    if (lookup.end == Lookup::End::kWrong) ++summary.wrong;
    if (lookup.end == Lookup::End::kUnderWay || lookup.end == Lookup::End::kGivenUp) {
      ++summary.missing;
    }
    if (lookup.end != Lookup::End::kReached) continue;
    ++summary.reached;
    summary.hops += lookup.hops;
    if (summary.shares.size() <= lookup.hops) summary.shares.resize(lookup.hops + 1);
    ++summary.shares[lookup.hops];
    if (lookup.from == lookup.seen_at) continue;
    way += seconds(lookup.way);
    delay += seconds(lookup.ended - lookup.sent);
    direct += seconds(population.network().latency(lookup.from, lookup.seen_at));
  }
  const auto reached = static_cast<double>(std::max<std::size_t>(summary.reached, 1));
  summary.hops /= reached;
  for (double& share : summary.shares) share /= reached;
  summary.stretch = direct > 0 ? way / direct : 1;
  summary.delay_penalty = direct > 0 ? delay / direct : 1;
  return summary;
}

LookupSummary look_up_many(Population& population, std::size_t count, Lookup::Goal goal,
                           std::size_t replicas) {
  return send_all(population, count, [&] { population.look_up(goal, replicas); });
}

LookupSummary look_up_pairs(Population& population, std::size_t count) {
  return send_all(population, count, [&] {
    const StationId from = population.pick();
    population.look_up(from, overlay::Key::at(population.node(population.pick()).self().id()));
  });
}

}  // namespace phyllo::sim
