#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/report/table_text.h"

namespace phyllo::sim {

/// The table as lines of at most `width` characters: a heading, a rule, the rows, with two spaces
/// between columns. Headings and words are broken over several lines where needed, numbers never;
/// columns that do not fit beside the others follow in a block of their own, after the first column
/// again.
std::vector<std::string> text_grid(const TableText& table, std::size_t width);

}  // namespace phyllo::sim
