#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/experiment/goal.h"
#include "sim/experiment/published.h"
#include "sim/experiment/runs.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// A table with published figures and ours side by side. What its first columns say is up to its
/// maker; the last ones are the published figure, how sure it is, ours (the median over the seeds),
/// the least and the most of a seed, ours ÷ published, and whether the goal is reached.
class Comparison {
 public:
  Comparison(std::string title, std::vector<std::string> what);

  /// `ours` has a value of each seed, or one of all seeds together. What is not known stays empty.
  void add(std::vector<Cell> what, const std::optional<published::Figure>& figure,
           const std::vector<double>& ours, const std::optional<Goal>& goal = std::nullopt);
  /// Nothing of ours to compare: `why` stands in its place.
  void add_missing(std::vector<Cell> what, const std::optional<published::Figure>& figure,
                   std::string why, const Goal& goal);
  Table done(std::string note = "");

 private:
  Table table_;
};

/// What each seed found.
template <class Found>
std::vector<double> each_of(const std::vector<Found>& found,
                            const std::function<double(const Found&)>& of) {
  std::vector<double> values;
  for (const Found& one : found) values.push_back(of(one));
  return values;
}

/// The median over what each seed found.
template <class Found>
double median_of(const std::vector<Found>& found, const std::function<double(const Found&)>& of) {
  return median(each_of(found, of));
}

}  // namespace phyllo::sim
