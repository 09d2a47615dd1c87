#include "regions/timely_tree.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace phyllo::regions {
namespace {

/// Trees looked at in one search, at most. Each is the cheapest under some conditions; more than
/// one is needed only where the cheapest is too slow.
constexpr int kMostTrees = 500;
constexpr std::size_t kRoot = 0;

/// Millionths of the currency for a GB.
std::int64_t whole(double burden) { return std::llround(burden * 1e6); }

/// The search for the best tree over one set of regions; the root is the first of them.
class TreeSearch {
 public:
  TreeSearch(const RegionTable& table, const std::vector<std::size_t>& regions,
             std::size_t interested, Duration extra_delay)
      : table_(table),
        regions_(regions),
        interested_(interested),
        extra_delay_(extra_delay),
        graph_(regions_.size()) {
    for (std::size_t from = 0; from < regions_.size(); ++from) {
      for (std::size_t to = 0; to < regions_.size(); ++to) {
        graph_[from].push_back(weight_of(from, to));
      }
    }
    take(std::vector<std::size_t>(regions_.size(), kRoot));
  }

  /// Looks at so many trees; how many of them were not needed.
  int run(int trees) {
    const int left = look(trees);
    hasten();
    return left;
  }
  TimelyTree found() const { return {legs(), best_weight_}; }

 private:
  using Parents = std::vector<std::size_t>;

  int look(int trees);
  std::vector<RoutePlan::Leg> legs() const;
  std::vector<std::size_t> path_to_late(const Parents& parents) const;
  EdgeWeight weight_of(std::size_t from, std::size_t to) const {
    return {whole(table_.border(regions_[from], regions_[to]).burden()), from == kRoot ? 0 : 1};
  }
  EdgeWeight weight_of(const Parents& parents) const;
  void hasten();
  std::pair<Duration, std::size_t> arrival(const Parents& parents, std::size_t node) const;
  void take(Parents parents) {
    best_weight_ = weight_of(parents);
    best_ = std::move(parents);
  }
  Duration delay(std::size_t from, std::size_t to) const {
    return table_.border(regions_[from], regions_[to]).delay;
  }

  const RegionTable& table_;
  const std::vector<std::size_t>& regions_;
  const std::size_t interested_;  ///< these come first, after the root
  const Duration extra_delay_;
  Digraph graph_;  ///< what the search has not ruled out
  Parents best_;
  EdgeWeight best_weight_;
};

/// Branch and bound. A tree that is too slow for a region has its whole path there; so each tree
/// that is not too slow lacks a first edge of that path, while it has those before. Returns how
/// many of `trees` are left.
int TreeSearch::look(int trees) {
  if (trees == 0) return 0;
  --trees;
  const auto parents = cheapest_arborescence(graph_, kRoot);
  if (!parents || !(weight_of(*parents) < best_weight_)) return trees;
  const std::vector<std::size_t> path = path_to_late(*parents);
  if (path.empty()) {
    take(*parents);
    return trees;
  }
  const Digraph before = graph_;
  for (const std::size_t node : path) {
    const std::size_t parent = (*parents)[node];
    const auto edge = graph_[parent][node];
    graph_[parent][node] = std::nullopt;
    trees = look(trees);
    for (auto& row : graph_) row[node] = std::nullopt;
    graph_[parent][node] = edge;
  }
  graph_ = before;
  return trees;
}

/// Lets each region hear from whoever reaches it soonest at the same weight. Nobody hears later by
/// that, so it comes to an end.
void TreeSearch::hasten() {
  for (bool better = true; better;) {
    better = false;
    for (std::size_t node = 1; node < best_.size(); ++node) {
      for (std::size_t parent = 0; parent < best_.size(); ++parent) {
        if (parent == node || weight_of(parent, node) != weight_of(best_[node], node)) continue;
        Parents other = best_;
        other[node] = parent;
        if (!(arrival(other, node) < arrival(best_, node))) continue;
        best_ = std::move(other);
        better = true;
      }
    }
  }
}

/// When a region hears, and over how many legs; never, when the way there is a circle.
std::pair<Duration, std::size_t> TreeSearch::arrival(const Parents& parents,
                                                     std::size_t node) const {
  Duration taken{};
  std::size_t legs = 0;
  for (std::size_t at = node; at != kRoot; at = parents[at]) {
    if (++legs == parents.size()) return {Duration::max(), legs};
    taken += delay(parents[at], at);
  }
  return {taken, legs};
}

/// The regions on the way to the first that hears too late, from the root on; empty: all in time.
std::vector<std::size_t> TreeSearch::path_to_late(const Parents& parents) const {
  for (std::size_t node = 1; node <= interested_; ++node) {
    if (arrival(parents, node).first <= delay(kRoot, node) + extra_delay_) continue;
    std::vector<std::size_t> path;
    for (std::size_t at = node; at != kRoot; at = parents[at]) path.insert(path.begin(), at);
    return path;
  }
  return {};
}

EdgeWeight TreeSearch::weight_of(const Parents& parents) const {
  EdgeWeight sum;
  for (std::size_t node = 1; node < parents.size(); ++node) {
    sum = sum + weight_of(parents[node], node);
  }
  return sum;
}

std::vector<RoutePlan::Leg> TreeSearch::legs() const {
  std::vector<RoutePlan::Leg> legs;
  std::vector<std::size_t> reached{kRoot};
  for (std::size_t next = 0; next < reached.size(); ++next) {
    for (std::size_t node = 1; node < best_.size(); ++node) {
      if (best_[node] != reached[next]) continue;
      legs.push_back({regions_[reached[next]], regions_[node]});
      reached.push_back(node);
    }
  }
  return legs;
}

}  // namespace

TimelyTree lightest_timely_tree(const RegionTable& table, const std::vector<std::size_t>& regions,
                                std::size_t interested, Duration extra_delay, int& trees) {
  TreeSearch search(table, regions, interested, extra_delay);
  const int most = std::min(trees, kMostTrees);
  trees -= most - search.run(most);
  return search.found();
}

}  // namespace phyllo::regions
