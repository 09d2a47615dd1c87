#pragma once

#include "sim/experiment/population.h"

namespace phyllo::sim {

/// Whether everybody who lives is active and following right neighbours visits all of them once,
/// and left neighbours the same way back.
bool one_ring(const Population& population);

/// Whether, besides, every leaf set is what it would be if everybody were known.
bool leaf_sets_exact(const Population& population);

}  // namespace phyllo::sim
