#pragma once

#include <cstddef>
#include <cstdint>

namespace phyllo {

/// The checksum of `checksum.h`, by instructions that not every processor of this kind has.
using WideChecksum = std::uint64_t (*)(const char* bytes, std::size_t size, std::uint64_t seed);

/// By AVX2, three times as fast as what the compiler may use by itself; nullptr in builds for other
/// kinds of processors. Only for processors that have it.
WideChecksum wide_checksum();

}  // namespace phyllo
