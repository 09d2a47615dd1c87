#pragma once

#include <memory>

#include "bench/compare/system/system.h"

namespace phyllo::bench {

/// redis-server, without persistence and without limits for slow readers; where there are several,
/// one master, which publishers are connected to, and its replicas. Programs use hiredis,
/// publishers with a pipeline.
std::unique_ptr<System> redis_system();

}  // namespace phyllo::bench
