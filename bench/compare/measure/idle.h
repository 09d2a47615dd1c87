#pragma once

#include "bench/compare/measure/run.h"
#include "bench/compare/system/system.h"
#include "bench/compare/workload/workload.h"

namespace phyllo::bench {

/// What it costs the servers that all subscribers of the workload are there and nobody publishes.
/// Throws std::runtime_error.
Outcome measure_idle(const Cluster& cluster, const Workload& workload);

}  // namespace phyllo::bench
