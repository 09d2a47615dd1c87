#include "sim/experiment/goal.h"

#include <cmath>
#include <cstdio>

#include "sim/report/number_text.h"

namespace phyllo::sim {
namespace {

/// Rounded to people's taste, but never to nothing.
std::string percent(double part) {
  char text[32];
  std::snprintf(text, sizeof text, part < .1 ? "%.1g %%" : "%.0f %%", 100 * part);
  return text;
}

std::string wanted(const Goal& goal) {
  switch (goal.side) {
    case Goal::Side::kAtMost:
      return "≤ " + shown_number(goal.value);
    case Goal::Side::kAtLeast:
      return "≥ " + shown_number(goal.value);
    case Goal::Side::kWithin:
      return shown_number(goal.value) + " ± " + shown_number(goal.slack);
  }
  return {};
}

/// In parts of the goal; what is to be near something is measured as it is.
std::string distance(const Goal& goal, double ours) {
  const double by = std::abs(ours - goal.value);
  const bool relative = goal.side != Goal::Side::kWithin && goal.value > 0;
  return (relative ? percent(by / goal.value) : shown_number(by)) +
         (ours > goal.value ? " above" : " below");
}

}  // namespace

bool reached(const Goal& goal, double ours) {
  switch (goal.side) {
    case Goal::Side::kAtMost:
      return ours <= goal.value;
    case Goal::Side::kAtLeast:
      return ours >= goal.value;
    case Goal::Side::kWithin:
      return std::abs(ours - goal.value) <= goal.slack;
  }
  return false;
}

std::string verdict(const Goal& goal, double ours) {
  return wanted(goal) + (reached(goal, ours) ? ": yes" : ": no, " + distance(goal, ours));
}

std::string unreached(const Goal& goal) { return wanted(goal) + ": no"; }

}  // namespace phyllo::sim
