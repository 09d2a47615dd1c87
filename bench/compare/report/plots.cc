#include "bench/compare/report/plots.h"

#include <algorithm>
#include <map>
#include <string>

#include "bench/compare/report/figure.h"

namespace phyllo::bench {
namespace {

using Family = std::vector<const Comparison*>;

double across(const Workload& workload) {
  switch (workload.axis) {
    case Axis::kRate:
      return workload.rate;
    case Axis::kSubscribers:
      return static_cast<double>(workload.subscribers);
    case Axis::kTopics:
      return static_cast<double>(workload.topics);
    case Axis::kPayload:
      break;
  }
  return static_cast<double>(workload.payload);
}

const char* title_of(Axis axis) {
  switch (axis) {
    case Axis::kRate:
      return "messages a second";
    case Axis::kSubscribers:
      return "subscribers";
    case Axis::kTopics:
      return "topics";
    case Axis::kPayload:
      break;
  }
  return "payload, bytes";
}

/// Workloads of one family have the same title.
std::string title_of(const Workload& workload) {
  const bool told = workload.axis == Axis::kSubscribers || workload.axis == Axis::kTopics;
  return told ? workload.name : workload.name + " " + workload.what;
}

sim::Plot::Line line(const Family& family, const std::string& system, double Outcome::*value) {
  sim::Plot::Line line{system, {}};
  for (const Comparison* comparison : family) {
    const auto series = std::ranges::find(comparison->series, system, &Comparison::Series::system);
    if (series == comparison->series.end()) continue;
    const auto spread = spread_of(*series, value);
    if (spread) line.points.emplace_back(across(comparison->workload), spread->median);
  }
  return line;
}

sim::Plot plot(const Family& family) {
  const Workload& first = family.front()->workload;
  const auto value = first.paced() ? &Outcome::p99_us : &Outcome::deliveries_per_second;
  sim::Plot plot{title_of(first),
                 title_of(first.axis),
                 first.paced() ? "p99, µs" : "deliveries a second",
                 {},
                 sim::Plot::Scale::kLogarithmic,
                 sim::Plot::Scale::kLogarithmic};
  for (const Comparison::Series& series : family.front()->series) {
    plot.lines.push_back(line(family, series.system, value));
  }
  return plot;
}

bool differ(const Family& family) {
  return std::ranges::any_of(family, [&](const Comparison* comparison) {
    return across(comparison->workload) != across(family.front()->workload);
  });
}

}  // namespace

std::vector<sim::Plot> plots(const std::vector<Comparison>& comparisons) {
  std::map<std::string, Family> families;
  for (const Comparison& comparison : comparisons) {
    if (comparison.workload.idle()) continue;
    families[title_of(comparison.workload)].push_back(&comparison);
  }
  std::vector<sim::Plot> all;
  for (const auto& [title, family] : families) {
    if (differ(family)) all.push_back(plot(family));
  }
  return all;
}

}  // namespace phyllo::bench
