#include "base/checksum_wide.h"

// Only this file's own functions may be compiled for AVX2: an inline function of a header could
// replace the one that all others use. So xxhash, which is static here, and nothing else.
#ifdef __AVX2__
#define XXH_INLINE_ALL
#include <xxhash.h>
#endif

namespace phyllo {

#ifdef __AVX2__

namespace {

std::uint64_t checksum_by_avx2(const char* bytes, std::size_t size, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, size, seed);
}

}  // namespace

WideChecksum wide_checksum() { return checksum_by_avx2; }

#else

WideChecksum wide_checksum() { return nullptr; }

#endif

}  // namespace phyllo
