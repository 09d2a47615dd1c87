#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace phyllo::regions {

/// What is made small, the first thing first. Whole numbers, so that every broker finds the same
/// tree.
struct EdgeWeight {
  std::int64_t cost = 0;
  std::int64_t relayed = 0;  ///< edges that do not begin at the root

  EdgeWeight operator+(const EdgeWeight& other) const {
    return {cost + other.cost, relayed + other.relayed};
  }
  EdgeWeight operator-(const EdgeWeight& other) const {
    return {cost - other.cost, relayed - other.relayed};
  }
  auto operator<=>(const EdgeWeight&) const = default;
};

/// A directed graph as a square: row of the tail, column of the head; nullopt: no edge.
using Digraph = std::vector<std::vector<std::optional<EdgeWeight>>>;

/// The spanning tree of least weight whose edges lead away from `root` (Chu and Liu 1965, Edmonds
/// 1967), as each node's parent; `root` is its own. nullopt when some node cannot be reached. Time
/// grows with the cube of the nodes.
std::optional<std::vector<std::size_t>> cheapest_arborescence(const Digraph& graph,
                                                              std::size_t root);

}  // namespace phyllo::regions
