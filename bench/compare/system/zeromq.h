#pragma once

#include <memory>

#include "bench/compare/system/system.h"

namespace phyllo::bench {

/// Proxies wired by hand over libzmq: XSUB and XPUB each, the first one at the top, all others
/// below it. Publishers connect to the first. XPUB_NODROP makes whoever is too fast wait.
std::unique_ptr<System> zeromq_system();

}  // namespace phyllo::bench
