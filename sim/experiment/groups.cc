#include "sim/experiment/groups.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace phyllo::sim {

std::vector<std::size_t> group_sizes(std::size_t nodes, std::size_t groups, double skew) {
  std::vector<std::size_t> sizes(groups);
  for (std::size_t i = 0; i < groups; ++i) {
    const double share = std::pow(static_cast<double>(i + 1), -skew);
    const auto size = static_cast<std::size_t>(static_cast<double>(nodes) * share + 0.5);
    sizes[i] = std::clamp<std::size_t>(size, 1, nodes);
  }
  return sizes;
}

std::vector<Group> draw_groups(const std::vector<std::size_t>& sizes, std::size_t nodes,
                               Random& random) {
  std::vector<StationId> deck(nodes);
  std::iota(deck.begin(), deck.end(), 0);
  std::vector<Group> groups;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    // A few steps of a shuffle; what the groups before left of the order does not matter.
    for (std::size_t card = 0; card < sizes[i]; ++card) {
      std::swap(deck[card], deck[card + random.below(nodes - card)]);
    }
    const auto end = deck.begin() + static_cast<std::ptrdiff_t>(sizes[i]);
    groups.push_back({TopicName::parse("group/" + std::to_string(i + 1)).value(),
                      std::vector<StationId>(deck.begin(), end)});
  }
  return groups;
}

}  // namespace phyllo::sim
