#include "base/checksum.h"

// Compiled in here: whoever links the SDK needs no further library.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace phyllo {

Checksum checksum(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace phyllo
