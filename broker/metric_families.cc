#include "broker/metric_families.h"

#include <utility>

namespace phyllo::broker {

using prometheus::ClientMetric;
using prometheus::MetricType;

void MetricFamilies::counter(const char* name, const char* help, double value) {
  counters(name, help);
  add({}, value);
}

void MetricFamilies::gauge(const char* name, const char* help, double value) {
  gauges(name, help);
  add({}, value);
}

void MetricFamilies::counters(const char* name, const char* help) {
  begin(name, help, MetricType::Counter);
}

void MetricFamilies::gauges(const char* name, const char* help) {
  begin(name, help, MetricType::Gauge);
}

void MetricFamilies::begin(const char* name, const char* help, MetricType type) {
  families_.push_back({name, help, type, {}});
}

void MetricFamilies::add(Labels labels, double value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  auto& family = families_.back();
  if (family.type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  family.metric.push_back(std::move(metric));
}

}  // namespace phyllo::broker
