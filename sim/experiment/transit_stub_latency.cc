#include "sim/experiment/transit_stub_latency.h"

#include "sim/network/end_nodes.h"

namespace phyllo::sim {
namespace {

/// Owns all that an EndNodesModel only refers to.
class TransitStubModel final : public LatencyModel {
 public:
  explicit TransitStubModel(RouterGraph graph) : graph_(std::move(graph)) {}

  void add_station(const StationPlace& place, Random& random) override {
    model_.add_station(place, random);
  }
  Duration delay(StationId from, StationId to) const override { return model_.delay(from, to); }

 private:
  RouterGraph graph_;
  EndNodes nodes_{graph_};
  EndNodesModel model_{nodes_};
};

}  // namespace

MakeLatency on_transit_stub(const TransitStubShape& shape, std::uint64_t seed) {
  return [shape, seed] { return std::make_unique<TransitStubModel>(transit_stub(shape, seed)); };
}

}  // namespace phyllo::sim
