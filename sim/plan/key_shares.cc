#include "sim/plan/key_shares.h"

#include <algorithm>
#include <cmath>

namespace phyllo::sim {
namespace {

using overlay::Key;
using overlay::NodeId;
using overlay::Uint128;

/// Where one node's keys end and the next one's begin.
void add_borders(std::vector<NodeId> ring, std::vector<Uint128>& borders) {
  std::ranges::sort(ring);
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const NodeId next = ring[(i + 1) % ring.size()];
    borders.push_back(ring[i].value() + clockwise(ring[i], next) / 2 + 1);
  }
}

/// Calls `take` with a key of each stretch between two borders, and how large a part it is.
void for_each_stretch(std::vector<Uint128> borders, const auto& take) {
  std::ranges::sort(borders);
  const auto twice = std::ranges::unique(borders);
  borders.erase(twice.begin(), twice.end());
  for (std::size_t i = 0; i < borders.size(); ++i) {
    const Uint128 width = borders[(i + 1) % borders.size()] - borders[i];
    const double part = borders.size() == 1 ? 1 : std::ldexp(static_cast<double>(width), -128);
    take(Key(borders[i] + width / 2), part);
  }
}

}  // namespace

NodeId root_of(const std::vector<NodeId>& ring, Key key) {
  return *std::ranges::min_element(ring, [&](NodeId a, NodeId b) { return closer(key, a, b); });
}

std::vector<double> key_shares(const std::vector<NodeId>& ring) {
  std::vector<Uint128> borders;
  add_borders(ring, borders);
  std::vector<double> shares(ring.size());
  for_each_stretch(std::move(borders), [&](Key key, double part) {
    const auto root = std::ranges::find(ring, root_of(ring, key));
    shares[static_cast<std::size_t>(root - ring.begin())] += part;
  });
  return shares;
}

double moved_share(const std::vector<NodeId>& before, const std::vector<NodeId>& after) {
  std::vector<Uint128> borders;
  add_borders(before, borders);
  add_borders(after, borders);
  double moved = 0;
  for_each_stretch(std::move(borders), [&](Key key, double part) {
    if (root_of(before, key) != root_of(after, key)) moved += part;
  });
  return moved;
}

}  // namespace phyllo::sim
