#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/experiment/tree_census.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// Delay penalties of the groups, children of the nodes, messages of the links.
std::vector<Plot> trees_plots(const TreesFound& trees);

/// How many nodes have at least so many children entries, a line for each name.
Plot entries_plot(std::string title,
                  std::vector<std::pair<std::string, std::vector<std::uint32_t>>> lines);

}  // namespace phyllo::sim
