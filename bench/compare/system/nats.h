#pragma once

#include <memory>

#include "bench/compare/system/system.h"

namespace phyllo::bench {

/// nats-server, a full mesh of routes where there are several, and its C client with callbacks.
std::unique_ptr<System> nats_system();

}  // namespace phyllo::bench
