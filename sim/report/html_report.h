#pragma once

#include <string>

#include "sim/report/report.h"

namespace phyllo::sim {

/// The report as one HTML page that needs nothing else: its style and its plots (SVG) are inside,
/// it runs no script and loads nothing. Readable in dark and light, on a screen and printed.
std::string html_report(const Report& report);

}  // namespace phyllo::sim
