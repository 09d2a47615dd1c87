#pragma once

#include "overlay/endpoint.h"
#include "sim/network/network_trace.h"

namespace phyllo::sim {

/// Where the process on a machine listens: every machine has an address of its own.
overlay::Endpoint endpoint_of(StationId station);

}  // namespace phyllo::sim
