#include "bench/compare/measure/latency.h"

#include <cmath>

namespace phyllo::bench {

double Latency::quantile(double share) const {
  const std::uint64_t all = count();
  if (all == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(all)));
  std::uint64_t seen = 0;
  std::size_t step = 0;
  for (; step < kSteps; ++step) {
    seen += counts_[step];
    if (seen >= wanted) break;
  }
  return middle_of(step) / 1000;
}

double Latency::middle_of(std::size_t step) {
  if (step < 2 * kFine) return static_cast<double>(step);
  const std::size_t shift = step / kFine - 1;
  const auto low = static_cast<double>((step - shift * kFine) << shift);
  return low + static_cast<double>(std::size_t{1} << shift) / 2;
}

}  // namespace phyllo::bench
