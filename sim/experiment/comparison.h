#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/experiment/published.h"
#include "sim/experiment/runs.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// A table with published figures and ours side by side. What its first columns say is up to its
/// maker; the last ones are the published figure, how sure it is, ours, and ours ÷ published.
class Comparison {
 public:
  Comparison(std::string title, std::vector<std::string> what);

  /// Without a figure those cells stay empty.
  void add(std::vector<Cell> what, const std::optional<published::Figure>& figure, double ours);
  Table done(std::string note = "");

 private:
  Table table_;
};

/// The median over what each seed found.
template <class Found>
double median_of(const std::vector<Found>& found, const std::function<double(const Found&)>& of) {
  std::vector<double> values;
  for (const Found& one : found) values.push_back(of(one));
  return median(std::move(values));
}

}  // namespace phyllo::sim
