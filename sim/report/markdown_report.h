#pragma once

#include <string>

#include "sim/report/report.h"

namespace phyllo::sim {

/// The report as a section of a page in Markdown, its heading of the third level: the command, the
/// tables, what must be known about them, broken invariants. Plots are left to HTML.
std::string markdown_report(const Report& report);

}  // namespace phyllo::sim
