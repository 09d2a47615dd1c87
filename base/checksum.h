#pragma once

#include <cstdint>
#include <string_view>

namespace phyllo {

/// XXH3 with 64 bits: what a bad cable, box or memory changes is found, but for one case in 2^64.
/// No guard against people, who can take it anew.
using Checksum = std::uint64_t;

Checksum checksum(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace phyllo
