#pragma once

#include <cstdint>

#include "sim/network/latency_model.h"
#include "sim/network/transit_stub.h"

namespace phyllo::sim {

/// End nodes on random routers of a transit-stub network, the same network for every run of a
/// setup. `check` must have accepted the shape.
MakeLatency on_transit_stub(const TransitStubShape& shape, std::uint64_t seed);

}  // namespace phyllo::sim
