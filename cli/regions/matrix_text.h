#pragma once

#include <cstddef>
#include <string>

#include "cli/regions/border_matrix.h"

namespace phyllo::cli {

/// Bytes for people, in powers of ten as prices are: "0 B", "999 B", "1.25 GB".
std::string bytes_text(double bytes);
/// Money for people: "0", "<0.01", "12.34".
std::string money_text(double amount);

/// The borders that something crosses, a line each, and the sum; then of each border at most so
/// many of the busiest topics.
std::string matrix_text(const BorderMatrix& matrix, std::size_t topics);

}  // namespace phyllo::cli
