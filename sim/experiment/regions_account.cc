#include "sim/experiment/regions_account.h"

#include <map>

#include "sim/scenario/cloud_regions.h"

namespace phyllo::sim {
namespace {

constexpr double kMessages = 1e6;
constexpr double kMessageGb = 1e3 / 1e9;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

void count_copies(const RegionalTopic& topic, const Spread& spread, std::size_t regions,
                  RegionsAccount& sum) {
  std::map<std::size_t, std::uint64_t> into;
  for (const auto& [border, copies] : spread.copies) {
    into[border.to] += copies;
    sum.dollars += static_cast<double>(copies) * cloud::price_per_gb(border.from, border.to) *
                   kMessages * kMessageGb;
  }
  sum.copies.add(into, abroad(topic, regions));
}

void count_delays(const RegionalTopic& topic, const Spread& spread, std::size_t regions,
                  const LatencyModel& network, RegionsAccount& sum) {
  const std::size_t home = region_of(topic.publisher, regions);
  for (const StationId member : topic.members) {
    if (member == topic.publisher) continue;
    const auto arrived = spread.arrived.find(member);
    if (arrived == spread.arrived.end()) {
      ++sum.undelivered;
      continue;
    }
    auto& penalties = region_of(member, regions) == home ? sum.near : sum.far;
    penalties.push_back(seconds(arrived->second) / seconds(network.delay(topic.publisher, member)));
  }
}

}  // namespace

RegionsAccount account(const std::vector<RegionalTopic>& topics, const std::vector<Spread>& spreads,
                       std::size_t regions, const LatencyModel& network) {
  RegionsAccount sum;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    count_copies(topics[i], spreads[i], regions, sum);
    count_delays(topics[i], spreads[i], regions, network, sum);
  }
  return sum;
}

}  // namespace phyllo::sim
