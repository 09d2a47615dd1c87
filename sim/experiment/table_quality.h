#pragma once

#include <cstddef>
#include <vector>

#include "sim/experiment/population.h"

namespace phyllo::sim {

/// Entries of one row of a routing table, per node.
struct RowQuality {
  double optimal = 0;     ///< nobody who fits is nearer
  double suboptimal = 0;  ///< somebody is
  double missing = 0;     ///< empty, though somebody would fit
  double stale = 0;       ///< of a node that is dead
};

/// The rows of the tables of up to `sample` active nodes, judged by the true distances of all.
std::vector<RowQuality> table_quality(Population& population, std::size_t sample);

}  // namespace phyllo::sim
