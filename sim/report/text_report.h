#pragma once

#include <string>

#include "sim/report/report.h"

namespace phyllo::sim {

/// The report for a terminal: plain text, no line wider than 100 characters, nothing in it that
/// could steer the terminal. Plots are left to HTML.
std::string text_report(const Report& report);

/// "1 … 10" where they follow each other, "3, 8, 21" otherwise.
std::string seeds_text(const std::vector<std::uint64_t>& seeds);

}  // namespace phyllo::sim
