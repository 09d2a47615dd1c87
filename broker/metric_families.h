#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

namespace phyllo::broker {

/// Collects metric families. Names and help texts are given once per family; values follow, each
/// with its labels.
class MetricFamilies {
 public:
  using Labels = std::vector<prometheus::ClientMetric::Label>;

  /// A value that only grows; the name ends in `_total`.
  void counter(const char* name, const char* help, double value);
  /// A value that goes up and down.
  void gauge(const char* name, const char* help, double value);

  /// Begins a family whose values are told apart by labels.
  void counters(const char* name, const char* help);
  void gauges(const char* name, const char* help);
  /// Adds a value to the family begun last.
  void add(Labels labels, double value);

  std::vector<prometheus::MetricFamily> take() { return std::move(families_); }

 private:
  void begin(const char* name, const char* help, prometheus::MetricType type);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace phyllo::broker
