#include "sim/experiment/regional_topics.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "sim/experiment/groups.h"

namespace phyllo::sim {
namespace {

/// The first `count` of a shuffled deck.
std::vector<StationId> draw(std::vector<StationId> deck, std::size_t count, Random& random) {
  count = std::min(count, deck.size());
  for (std::size_t card = 0; card < count; ++card) {
    std::swap(deck[card], deck[card + random.below(deck.size() - card)]);
  }
  deck.resize(count);
  return deck;
}

}  // namespace

std::vector<RegionalTopic> draw_topics(const RegionalLoad& load, Random& random) {
  std::vector<StationId> everywhere(load.regions * load.brokers);
  std::iota(everywhere.begin(), everywhere.end(), 0);
  std::vector<std::vector<StationId>> in_region(load.regions);
  for (const StationId id : everywhere) in_region[region_of(id, load.regions)].push_back(id);
  const auto sizes = group_sizes(everywhere.size(), load.topics, load.skew);
  std::vector<RegionalTopic> topics;
  for (std::size_t i = 0; i < load.topics; ++i) {
    const std::size_t home = random.below(load.regions);
    const StationId publisher = in_region[home][random.below(load.brokers)];
    const bool local = random.chance(load.local);
    // A topic for more than one region wants somebody in another one.
    const std::size_t size = local ? sizes[i] : std::max<std::size_t>(sizes[i], 2);
    std::vector<StationId> members = draw(local ? in_region[home] : everywhere, size, random);
    topics.push_back({TopicName::parse("topic/" + std::to_string(i + 1)).value(), publisher,
                      std::move(members)});
  }
  return topics;
}

std::set<std::size_t> abroad(const RegionalTopic& topic, std::size_t regions) {
  std::set<std::size_t> found;
  for (const StationId member : topic.members) found.insert(region_of(member, regions));
  found.erase(region_of(topic.publisher, regions));
  return found;
}

}  // namespace phyllo::sim
