#pragma once

#include <string>

#include "sim/experiment/published.h"

namespace phyllo::sim {

/// What a measured figure has to be for this software to be as good as it means to be.
struct Goal {
  enum class Side {
    kAtMost,
    kAtLeast,
    kWithin,  ///< not farther from `value` than `slack`
  };
  Side side;
  double value;
  double slack = 0;
};

constexpr Goal at_most(double value) { return {Goal::Side::kAtMost, value}; }
constexpr Goal at_least(double value) { return {Goal::Side::kAtLeast, value}; }
constexpr Goal within(double value, double slack) { return {Goal::Side::kWithin, value, slack}; }
constexpr Goal at_most(const published::Figure& figure) { return at_most(figure.value); }
constexpr Goal at_least(const published::Figure& figure) { return at_least(figure.value); }

bool reached(const Goal& goal, double ours);

/// "≤ 2.74: yes", "≤ 2.74: no, 12 % above", "≤ 0: no, 3 above".
std::string verdict(const Goal& goal, double ours);
/// "≤ 60: no", where it never came to a figure.
std::string unreached(const Goal& goal);

}  // namespace phyllo::sim
