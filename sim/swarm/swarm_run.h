#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/swarm/swarm_case.h"
#include "sim/swarm/violation.h"

namespace phyllo::sim {

/// What must hold at any moment of a run, and is looked at now and then.
struct Invariant {
  std::string name;
  std::function<Findings(const Cluster&)> check;
};

struct SwarmOptions {
  /// Beside those that hold for every run.
  std::vector<Invariant> invariants;
  /// Told all that happens, line by line, while it happens.
  std::function<void(const std::string&)> trace;
};

struct SwarmOutcome {
  std::optional<Violation> violation;  ///< the first one; the run ended there
  /// Of everything that crossed the network, in order: two runs with the same are the same.
  std::uint64_t fingerprint = 0;
  Duration virtual_time{};
  std::uint64_t network_messages = 0;
  std::uint64_t faults = 0;  ///< carried out
  std::size_t published = 0;
  std::size_t delivered = 0;
  std::size_t gaps = 0;             ///< messages reported as lost
  std::size_t excess = 0;           ///< of these, came or were reported before
  std::uint64_t crossed = 0;        ///< copies of batches, from region to region
  std::uint64_t crossed_again = 0;  ///< of these, into a region where one was before
};

/// Lives through a case: forms the cluster, lets the steps happen, heals what is broken, waits
/// until the cluster is whole again, and checks on the way and at the end that everything holds. A
/// function of the case.
SwarmOutcome run_swarm(const SwarmCase& swarm, const SwarmOptions& options = {});

}  // namespace phyllo::sim
