#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/network/router_graph.h"

namespace phyllo::sim {

/// Machines, numbered from 0, each on a link of its own to a router of a graph that outlives them.
class EndNodes {
 public:
  /// Of the link between a machine and its router, as in the papers.
  static constexpr Duration kLan = std::chrono::milliseconds(1);

  explicit EndNodes(const RouterGraph& graph) : graph_(graph) {}

  void add(RouterId router) { routers_.push_back(router); }
  std::size_t size() const { return routers_.size(); }
  const RouterGraph& graph() const { return graph_; }
  RouterId router(std::uint32_t node) const { return routers_[node]; }
  Duration delay(std::uint32_t from, std::uint32_t to) const {
    return 2 * kLan + graph_.delay(routers_[from], routers_[to]);
  }

 private:
  const RouterGraph& graph_;
  std::vector<RouterId> routers_;
};

}  // namespace phyllo::sim
