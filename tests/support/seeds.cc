#include "tests/support/seeds.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace phyllo::testing {
namespace {

/// Sanitized code is ten times slower, and what a sanitizer finds lies in the code, hardly ever in
/// the hundredth seed.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kMostSeeds = 2;
#else
constexpr std::uint64_t kMostSeeds = ~std::uint64_t{0};
#endif

}  // namespace

std::uint64_t seed_or(std::uint64_t usual) {
  const char* text = std::getenv("PHYLLO_SEED");
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

std::vector<std::uint64_t> seeds(std::uint64_t first, std::uint64_t count) {
  if (std::getenv("PHYLLO_SEED") != nullptr) return {seed_or(first)};
  std::vector<std::uint64_t> all(std::min(count, kMostSeeds));
  std::iota(all.begin(), all.end(), first);
  return all;
}

}  // namespace phyllo::testing
