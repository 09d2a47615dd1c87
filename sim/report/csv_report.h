#pragma once

#include <string>

#include "sim/report/report.h"

namespace phyllo::sim {

/// The report as one stream of comma-separated values (RFC 4180: lines end with CR LF, quotes only
/// where needed), in sections with an empty line between them. The first line of a section is its
/// title, the second names its columns. First the run itself (name, value), then each table, then
/// each plot (line, x, y), then violations and notes where there are any. Numbers are exact, not
/// rounded.
std::string csv_report(const Report& report);

}  // namespace phyllo::sim
