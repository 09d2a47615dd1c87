#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bench/compare/measure/comparison.h"
#include "sim/report/report.h"

namespace phyllo::bench {

/// What is compared, for the head of the report.
struct Occasion {
  std::string command;
  std::vector<std::pair<std::string, std::string>> systems;  ///< name and description, or absence
};

/// One table of what each system did, one of the first system's ratios to the others, and a plot
/// for every family of workloads that differ in one thing.
sim::Report comparison_report(const Occasion& occasion, const std::vector<Comparison>& comparisons);

}  // namespace phyllo::bench
