#include "sim/report/axis.h"

#include <algorithm>
#include <cmath>

#include "sim/report/number_text.h"

namespace phyllo::sim {
namespace {

/// About so many steps between ticks.
constexpr double kSteps = 6;
/// Beyond these, arithmetic on a range would overflow or vanish.
constexpr double kLargest = 1e300;
constexpr double kSmallest = 1e-300;
/// A range narrower than this part of its numbers shows nothing: it is widened.
constexpr double kNarrow = 1e-9;
/// An axis that would start in this part of its length starts at zero.
constexpr double kNearZero = 0.6;
/// Up to so many powers of ten have ticks at 2 and 5 as well.
constexpr int kFewDecades = 3;
constexpr int kMostDecades = 8;

/// 1, 2 or 5 times a power of ten, at least `step`.
double round_step(double step) {
  const double power = std::pow(10.0, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (step <= factor * power * (1 + 1e-9)) return factor * power;
  }
  return 10 * power;
}

}  // namespace

Axis::Axis(const std::vector<double>& values, Plot::Scale scale, Ends ends) : scale_(scale) {
  double least = 0;
  double most = 0;
  bool any = false;
  for (const double value : values) {
    if (!shows(value)) continue;
    least = any ? std::min(least, value) : value;
    most = any ? std::max(most, value) : value;
    any = true;
  }
  if (!any) least = most = 1;
  if (scale_ == Plot::Scale::kLogarithmic) {
    fit_logarithmic(least, most, ends);
  } else {
    fit_linear(least, most, ends);
  }
}

bool Axis::shows(double value) const {
  return std::abs(value) <= kLargest && (scale_ == Plot::Scale::kLinear || value >= kSmallest);
}

double Axis::place(double value) const {
  if (scale_ == Plot::Scale::kLinear) return (value - low_) / (high_ - low_);
  return (std::log(value) - std::log(low_)) / (std::log(high_) - std::log(low_));
}

void Axis::fit_linear(double least, double most, Ends ends) {
  if (ends == Ends::kAtTicks && least >= 0 && least <= kNearZero * most) least = 0;
  const double size = std::max(std::abs(least), std::abs(most));
  if (size < kSmallest) {
    least = 0;
    most = 1;
  } else if (most - least <= kNarrow * size) {
    least -= size / 2;
    most += size / 2;
  }
  const double step = round_step((most - least) / kSteps);
  low_ = ends == Ends::kAtTicks ? std::floor(least / step + 1e-9) * step : least;
  high_ = ends == Ends::kAtTicks ? std::ceil(most / step - 1e-9) * step : most;
  std::vector<double> places;
  for (double k = std::ceil(low_ / step - 1e-9); k * step <= high_ + step * 1e-9; ++k) {
    places.push_back(k * step);
  }
  const std::vector<std::string> labels = shown_numbers(places);
  for (std::size_t i = 0; i < places.size(); ++i) ticks_.push_back({places[i], labels[i]});
}

void Axis::fit_logarithmic(double least, double most, Ends ends) {
  if (most - least <= kNarrow * most) {
    least /= 2;
    most *= 2;
  }
  const int first = static_cast<int>(std::floor(std::log10(least) + 1e-9));
  const int last = static_cast<int>(std::ceil(std::log10(most) - 1e-9));
  const int decades = last - first;
  low_ = ends == Ends::kAtTicks && decades > 1 ? std::pow(10.0, first) : least;
  high_ = ends == Ends::kAtTicks && decades > 1 ? std::pow(10.0, last) : most;
  const int stride = std::max(1, decades / kMostDecades);
  for (int power = first; power <= last; power += stride) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor > 1 && decades > kFewDecades) break;
      const double at = factor * std::pow(10.0, power);
      if (at < low_ * (1 - 1e-9) || at > high_ * (1 + 1e-9)) continue;
      ticks_.push_back({at, shown_number(at)});
    }
  }
}

}  // namespace phyllo::sim
