#pragma once

#include "base/random.h"
#include "sim/fault/fault.h"

namespace phyllo::sim {

/// Clogs between the members of a random subset of 0 … brokers−1: one link after another gets
/// stuck, and they are released in random order, all within `window` from `at`.
FaultPlan clog_wave(Random& random, std::size_t brokers, Duration at, Duration window);

/// One broker after another crashes and returns, `between` apart; each is away for `away`.
FaultPlan rolling_crash(std::size_t brokers, Duration at, Duration away, Duration between,
                        Death how);

}  // namespace phyllo::sim
