#pragma once

#include <string>
#include <vector>

#include "sim/report/report.h"

namespace phyllo::sim {

/// The report as a section of a page in Markdown, its heading of the third level: the command, the
/// tables, what must be known about them, broken invariants. Each plot is shown from the file of
/// the same place in `pictures`, as the page names it; without files plots are left to HTML.
std::string markdown_report(const Report& report, const std::vector<std::string>& pictures = {});

}  // namespace phyllo::sim
