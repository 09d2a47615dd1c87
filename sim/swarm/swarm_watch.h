#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/swarm/swarm_run.h"

namespace phyllo::sim {

/// Looks at what must hold at any moment of a run.
class SwarmWatch {
 public:
  SwarmWatch(const Cluster& cluster, const SwarmCase& swarm,
             const std::vector<Invariant>& invariants);

  /// The first that does not hold now.
  std::optional<Violation> look();

 private:
  Findings bad_messages() const;
  Findings full_queues() const;
  Findings false_claims();

  const Cluster& cluster_;
  const SwarmCase& case_;
  std::vector<Invariant> invariants_;
  Random random_;
  std::uint64_t looks_ = 0;
};

}  // namespace phyllo::sim
