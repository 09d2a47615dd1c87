#pragma once

#include <memory>

#include "bench/compare/system/system.h"

namespace phyllo::bench {

/// mosquitto without limits for queues, at QoS 0; where there are several, all are bridged to the
/// first. Programs use libmosquitto with its own thread.
std::unique_ptr<System> mosquitto_system();

}  // namespace phyllo::bench
