#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace phyllo::bench {

/// How often which latency was seen, in steps of 3 %. A plain value that may lie in memory shared
/// by processes; one writer.
class Latency {
 public:
  void add(std::chrono::nanoseconds latency) { ++counts_[step_of(latency)]; }
  void add(const Latency& other) {
    for (std::size_t i = 0; i < kSteps; ++i) counts_[i] += other.counts_[i];
  }
  std::uint64_t count() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts_) sum += count;
    return sum;
  }
  /// Microseconds that `share` (0 to 1) of all did not exceed; 0 when there are none.
  double quantile(double share) const;

 private:
  static constexpr std::size_t kFine = 32;  ///< steps per power of two
  static constexpr std::size_t kSteps = kFine * 36;

  static std::size_t step_of(std::chrono::nanoseconds latency) {
    const auto value = static_cast<std::uint64_t>(latency.count() < 0 ? 0 : latency.count());
    if (value < 2 * kFine) return value;
    const auto shift = static_cast<std::size_t>(std::bit_width(value / (2 * kFine)));
    const std::size_t step = shift * kFine + (value >> shift);
    return step < kSteps ? step : kSteps - 1;
  }
  static double middle_of(std::size_t step);

  std::array<std::uint64_t, kSteps> counts_{};
};

}  // namespace phyllo::bench
