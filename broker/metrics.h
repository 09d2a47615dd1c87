#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "broker/status_board.h"

namespace phyllo::broker {

/// A status as Prometheus metrics. docs/operations.md says which of them to watch.
std::vector<prometheus::MetricFamily> metrics_of(const Status& status);

}  // namespace phyllo::broker
