#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "sim/cluster/cluster.h"
#include "sim/oracle/findings.h"

namespace phyllo::sim {

/// An invariant that did not hold in a run, with what is needed to look for the reason.
struct Violation {
  std::string rule;
  Findings findings;
  Time when;
  std::vector<StationId> nodes;  ///< brokers that the findings name
  std::string messages;          ///< the last between those, or of all when none is named
};

/// Takes down what the cluster shows of it now. `findings` must not be empty.
Violation witness(const Cluster& cluster, std::string rule, Findings findings);
std::string to_text(const Violation& violation);

}  // namespace phyllo::sim
