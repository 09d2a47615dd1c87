#include "base/checksum.h"

#include "base/checksum_wide.h"

// Compiled in here: whoever links the SDK needs no further library.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace phyllo {
namespace {

/// Below this the choice costs as much as it saves.
constexpr std::size_t kWideFrom = 1024;

WideChecksum supported_wide_checksum() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") != 0) return wide_checksum();
#endif
  return nullptr;
}

}  // namespace

Checksum checksum(std::string_view bytes, std::uint64_t seed) {
  static const WideChecksum wide = supported_wide_checksum();
  if (wide != nullptr && bytes.size() >= kWideFrom) return wide(bytes.data(), bytes.size(), seed);
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace phyllo
