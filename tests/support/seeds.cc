#include "tests/support/seeds.h"

#include <cstdlib>
#include <numeric>

namespace phyllo::testing {

std::uint64_t seed_or(std::uint64_t usual) {
  const char* text = std::getenv("PHYLLO_SEED");
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

std::vector<std::uint64_t> seeds(std::uint64_t first, std::uint64_t count) {
  if (std::getenv("PHYLLO_SEED") != nullptr) return {seed_or(first)};
  std::vector<std::uint64_t> all(count);
  std::iota(all.begin(), all.end(), first);
  return all;
}

}  // namespace phyllo::testing
