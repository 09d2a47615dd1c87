#pragma once

#include <memory>

#include "bench/compare/system/system.h"

namespace phyllo::bench {

/// A ring of `phyllod` with default settings, and the SDK in callback style.
std::unique_ptr<System> phyllo_system();

}  // namespace phyllo::bench
