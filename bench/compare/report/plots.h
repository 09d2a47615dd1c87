#pragma once

#include <vector>

#include "bench/compare/measure/comparison.h"
#include "sim/report/report.h"

namespace phyllo::bench {

/// A picture for every family of workloads that differ in one thing: what they delivered, or how
/// late, against it. A line for each system.
std::vector<sim::Plot> plots(const std::vector<Comparison>& comparisons);

}  // namespace phyllo::bench
