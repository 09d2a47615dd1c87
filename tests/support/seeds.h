#pragma once

#include <cstdint>
#include <vector>

namespace phyllo::testing {

/// The environment variable PHYLLO_SEED where it is set, `usual` otherwise: a failed run is
/// repeated with the seed it printed.
std::uint64_t seed_or(std::uint64_t usual);

/// `count` seeds from `first` on, or PHYLLO_SEED alone where it is set; a few of them in a build
/// with a sanitizer.
std::vector<std::uint64_t> seeds(std::uint64_t first, std::uint64_t count);

}  // namespace phyllo::testing
