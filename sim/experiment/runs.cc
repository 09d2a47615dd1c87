#include "sim/experiment/runs.h"

#include <algorithm>
#include <string>

#include "base/check.h"
#include "sim/experiment/bounds.h"

namespace phyllo::sim {
namespace {

constexpr unsigned kMaxThreads = 256;

}  // namespace

Outcome check(const Runs& runs) {
  if (runs.seeds.empty()) return impossible("no seed: at least one run is needed");
  std::vector<std::uint64_t> sorted = runs.seeds;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    return impossible("seed " + std::to_string(*twice) + " is given twice");
  return within("threads", runs.threads, 1, kMaxThreads);
}

double median(std::vector<double> values) {
  PHYLLO_CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  return (values[middle - 1] + values[middle]) / 2;
}

}  // namespace phyllo::sim
