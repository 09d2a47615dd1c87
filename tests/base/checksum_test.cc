#include "base/checksum.h"

#include <gtest/gtest.h>

#include <string>

// As the compiler makes it for every processor of this kind.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace phyllo {
namespace {

TEST(Checksum, IsTheSameOnEveryProcessor) {
  std::string bytes;
  for (std::size_t i = 0; i < 70'000; ++i) bytes.push_back(static_cast<char>(i * i >> 3));
  for (const std::uint64_t seed : {std::uint64_t{0}, ~std::uint64_t{7}}) {
    for (std::size_t size = 0; size < bytes.size() - 8; size = size + size / 2 + 1) {
      for (const std::size_t start : {0, 1, 7}) {  // vectors are read from any address
        const std::string_view part = std::string_view(bytes).substr(start, size);
        EXPECT_EQ(checksum(part, seed), XXH3_64bits_withSeed(part.data(), part.size(), seed))
            << size << " bytes from " << start;
      }
    }
  }
}

}  // namespace
}  // namespace phyllo
