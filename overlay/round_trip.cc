#include "overlay/round_trip.h"

#include <algorithm>

namespace phyllo::overlay {

void RoundTrip::add(Duration sample) {
  sample = std::max(sample, Duration(1));
  if (!measured()) {
    smoothed_ = sample;
    variation_ = sample / 4;
    return;
  }
  const Duration error = sample > smoothed_ ? sample - smoothed_ : smoothed_ - sample;
  variation_ += (error - variation_) / 4;
  smoothed_ = std::max(smoothed_ + (sample - smoothed_) / 8, Duration(1));
}

Duration RoundTrip::timeout(Duration minimum) const {
  if (!measured()) return 3 * minimum;
  return std::max(minimum, smoothed_ + 4 * variation_);
}

}  // namespace phyllo::overlay
