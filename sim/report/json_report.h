#pragma once

#include <string>

#include "sim/report/report.h"

namespace phyllo::sim {

/// The whole report as one JSON object, indented:
/// `{"title", "command", "parameters": {name: value}, "seeds": [n], "tables": [{"title", "columns",
/// "rows": [[cell]], "note"}], "plots": [{"title", "x", "y", "x_scale", "y_scale", "lines":
/// [{"name", "points": [[x, y]]}]}], "violations": [text], "notes": [text]}`. An empty cell and a
/// number that is not finite are null; bytes that are not UTF-8 become U+FFFD.
std::string json_report(const Report& report);

}  // namespace phyllo::sim
