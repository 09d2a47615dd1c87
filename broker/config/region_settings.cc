#include "broker/config/region_settings.h"

namespace phyllo::broker {
namespace {

const BorderSettings* find(const RegionsSettings& regions, const std::string& from,
                           const std::string& to) {
  const auto& ways = regions.at(from).to;
  const auto way = ways.find(to);
  return way == ways.end() ? nullptr : &way->second;
}

regions::Border border_of(const RegionsSettings& regions, const std::string& from,
                          const std::string& to) {
  regions::Border border;
  border.price_per_gb = regions.at(from).price_per_gb;
  std::optional<Duration> round_trip;
  if (const BorderSettings* const way = find(regions, from, to)) {
    border.price_per_gb = way->price_per_gb.value_or(border.price_per_gb);
    border.weight = way->weight;
    border.budget = way->budget;
    round_trip = way->round_trip;
  }
  const BorderSettings* const back = find(regions, to, from);
  if (!round_trip && back != nullptr) round_trip = back->round_trip;
  border.delay = round_trip.value_or(Duration::zero()) / 2;
  return border;
}

}  // namespace

regions::RegionTable region_table(const RegionsSettings& regions) {
  std::vector<std::string> names;
  for (const auto& [name, region] : regions) names.push_back(name);
  regions::RegionTable table(names);
  for (std::size_t from = 0; from < names.size(); ++from) {
    for (std::size_t to = 0; to < names.size(); ++to) {
      if (from != to) table.border(from, to) = border_of(regions, names[from], names[to]);
    }
  }
  return table;
}

regions::Fence fence_of(const std::vector<TopicRuleSettings>& rules) {
  std::vector<regions::FenceRule> made;
  for (const TopicRuleSettings& rule : rules) {
    made.push_back({regions::TopicPattern::parse(rule.match).value(), rule.regions});
  }
  return regions::Fence(std::move(made));
}

}  // namespace phyllo::broker
