#pragma once

#include <vector>

#include "sim/experiment/scribe_setup.h"
#include "sim/experiment/tree_census.h"
#include "sim/report/report.h"

namespace phyllo::sim {

/// What one seed found; the parts that were not chosen are empty.
struct ScribeFound {
  TreesFound trees;
  TreesFound bottleneck;
  TreesFound small;
  TreesFound collapsed;
};

/// Medians over the seeds, beside the published figures; what was drawn is of the first seed.
Report scribe_report(const ScribeSetup& setup, const std::vector<ScribeFound>& found);

}  // namespace phyllo::sim
