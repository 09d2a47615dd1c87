#include "sim/scenario/delays.h"

#include <algorithm>
#include <cmath>

namespace phyllo::sim {
namespace {

constexpr double kClassWidth = 0.02;

}  // namespace

void Delays::add(Duration delay) {
  const auto nanoseconds = static_cast<double>(std::max<Duration::rep>(delay.count(), 1));
  ++classes_[static_cast<int>(std::log(nanoseconds) / std::log1p(kClassWidth))];
  ++count_;
}

void Delays::add(const Delays& other) {
  for (const auto& [index, count] : other.classes_) classes_[index] += count;
  count_ += other.count_;
}

Duration Delays::quantile(double part) const {
  auto left = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
  for (const auto& [index, count] : classes_) {
    if (left <= count) {
      return Duration(std::llround(std::pow(1 + kClassWidth, index + 0.5)));
    }
    left -= count;
  }
  return {};
}

}  // namespace phyllo::sim
