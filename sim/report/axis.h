#pragma once

#include <string>
#include <vector>

#include "sim/report/report.h"

namespace phyllo::sim {

/// One axis of a plot: which part of the numbers it shows, where its ticks stand and what they say.
class Axis {
 public:
  struct Tick {
    double at;
    std::string label;
  };
  enum class Ends {
    kAtData,   ///< the axis ends where the numbers end
    kAtTicks,  ///< it ends at ticks, and starts at zero where that is not far away
  };

  /// An axis for `values`; those that cannot be shown on it (not finite, or not above zero on a
  /// logarithmic one) are passed over.
  Axis(const std::vector<double>& values, Plot::Scale scale, Ends ends);

  bool shows(double value) const;
  /// Where on the axis, from 0 to 1; `value` is one that it shows.
  double place(double value) const;
  const std::vector<Tick>& ticks() const { return ticks_; }

 private:
  void fit_linear(double least, double most, Ends ends);
  void fit_logarithmic(double least, double most, Ends ends);

  Plot::Scale scale_;
  double low_ = 0;
  double high_ = 1;
  std::vector<Tick> ticks_;
};

}  // namespace phyllo::sim
