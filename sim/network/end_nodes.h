#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/network/latency_model.h"
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
  RouterId router(StationId node) const { return routers_[node]; }
  Duration delay(StationId from, StationId to) const {
    return 2 * kLan + graph_.delay(routers_[from], routers_[to]);
  }

 private:
  const RouterGraph& graph_;
  std::vector<RouterId> routers_;
};

/// The stations of a network as end nodes, at the router that is named for each (modulo how many
/// there are) or at a random one. The nodes outlive it.
class EndNodesModel final : public LatencyModel {
 public:
  explicit EndNodesModel(EndNodes& nodes) : nodes_(nodes) {}

  void add_station(const StationPlace& place, Random& random) override {
    const std::size_t routers = nodes_.graph().routers();
    const std::size_t router = place.router ? *place.router % routers : random.below(routers);
    nodes_.add(static_cast<RouterId>(router));
  }
  Duration delay(StationId from, StationId to) const override { return nodes_.delay(from, to); }

 private:
  EndNodes& nodes_;
};

}  // namespace phyllo::sim
