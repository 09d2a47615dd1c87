#pragma once

#include <string>
#include <vector>

#include "cli/regions/border_matrix.h"

namespace phyllo::cli {

/// What crosses from region to region, under a heading, a line for each pair over which messages of
/// topics went, and the sum of all pairs: bytes since the brokers started, bytes a second now, and
/// what a month of that would cost. Empty where there are no borders.
std::vector<std::string> border_block(const BorderMatrix& matrix);

}  // namespace phyllo::cli
