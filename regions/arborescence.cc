#include "regions/arborescence.h"

namespace phyllo::regions {
namespace {

using Parents = std::vector<std::size_t>;

/// Each node's cheapest parent, the first of several.
std::optional<Parents> cheapest_parents(const Digraph& graph, std::size_t root) {
  Parents parents(graph.size(), root);
  for (std::size_t node = 0; node < graph.size(); ++node) {
    if (node == root) continue;
    std::optional<EdgeWeight> best;
    for (std::size_t tail = 0; tail < graph.size(); ++tail) {
      const auto& weight = graph[tail][node];
      if (tail == node || !weight || (best && !(*weight < *best))) continue;
      best = weight;
      parents[node] = tail;
    }
    if (!best) return std::nullopt;
  }
  return parents;
}

/// The members of one cycle; empty: there is none.
std::vector<std::size_t> find_cycle(const Parents& parents, std::size_t root) {
  std::vector<std::size_t> seen(parents.size(), parents.size());
  for (std::size_t start = 0; start < parents.size(); ++start) {
    std::size_t node = start;
    while (node != root && seen[node] == parents.size()) {
      seen[node] = start;
      node = parents[node];
    }
    if (node == root || seen[node] != start) continue;
    std::vector<std::size_t> cycle{node};
    for (std::size_t next = parents[node]; next != node; next = parents[next]) {
      cycle.push_back(next);
    }
    return cycle;
  }
  return {};
}

/// The graph with a cycle made into one node, and how to get back.
class Contraction {
 public:
  Contraction(const Digraph& graph, const Parents& parents, const std::vector<std::size_t>& cycle)
      : parents_(parents), at_(graph.size(), 0) {
    for (const std::size_t member : cycle) at_[member] = kInside;
    for (std::size_t node = 0; node < graph.size(); ++node) {
      if (at_[node] == kInside) continue;
      at_[node] = outside_.size();
      outside_.push_back(node);
    }
    small_.assign(outside_.size() + 1, Row(outside_.size() + 1));
    enters_at_.assign(small_.size(), 0);
    leaves_at_.assign(small_.size(), 0);
    for (std::size_t tail = 0; tail < graph.size(); ++tail) {
      for (std::size_t head = 0; head < graph.size(); ++head) add(graph, tail, head);
    }
  }

  const Digraph& graph() const { return small_; }
  std::size_t place_of(std::size_t node) const { return at_[node]; }

  /// The tree of the whole graph, given that of the small one.
  Parents expanded(const Parents& small) const {
    Parents parents = parents_;
    const std::size_t knot = outside_.size();
    for (std::size_t i = 0; i < outside_.size(); ++i) {
      parents[outside_[i]] = small[i] == knot ? leaves_at_[i] : outside_[small[i]];
    }
    parents[enters_at_[small[knot]]] = outside_[small[knot]];
    return parents;
  }

 private:
  static constexpr std::size_t kInside = static_cast<std::size_t>(-1);
  using Row = std::vector<std::optional<EdgeWeight>>;

  void add(const Digraph& graph, std::size_t tail, std::size_t head) {
    const bool from_inside = at_[tail] == kInside;
    const bool to_inside = at_[head] == kInside;
    if (!graph[tail][head] || tail == head || (from_inside && to_inside)) return;
    const std::size_t knot = outside_.size();
    EdgeWeight weight = *graph[tail][head];
    // Entering the cycle saves the edge of the cycle that led there.
    if (to_inside) weight = weight - *graph[parents_[head]][head];
    const std::size_t from = from_inside ? knot : at_[tail];
    const std::size_t to = to_inside ? knot : at_[head];
    auto& best = small_[from][to];
    if (best && !(weight < *best)) return;
    best = weight;
    if (to_inside) enters_at_[from] = head;
    if (from_inside) leaves_at_[to] = tail;
  }

  const Parents& parents_;
  std::vector<std::size_t> at_;       ///< of each node in the small graph, or kInside
  std::vector<std::size_t> outside_;  ///< nodes by their place in the small graph
  Digraph small_;                     ///< the cycle is its last node
  std::vector<std::size_t> enters_at_;
  std::vector<std::size_t> leaves_at_;
};

}  // namespace

std::optional<Parents> cheapest_arborescence(const Digraph& graph, std::size_t root) {
  const std::optional<Parents> parents = cheapest_parents(graph, root);
  if (!parents) return std::nullopt;
  const std::vector<std::size_t> cycle = find_cycle(*parents, root);
  if (cycle.empty()) return parents;
  const Contraction contraction(graph, *parents, cycle);
  const auto small = cheapest_arborescence(contraction.graph(), contraction.place_of(root));
  if (!small) return std::nullopt;
  return contraction.expanded(*small);
}

}  // namespace phyllo::regions
