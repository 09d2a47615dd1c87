#pragma once

#include "sim/network/latency_model.h"

namespace phyllo::sim {

/// The plane of the Pastry papers: nodes anywhere on a square, latency proportional to distance,
/// `across` along one side.
MakeLatency on_a_plane(Duration across);

}  // namespace phyllo::sim
