#pragma once

#include <cstddef>
#include <set>

#include "base/result.h"
#include "sim/experiment/runs.h"
#include "sim/network/transit_stub.h"

namespace phyllo::sim {

/// The measurements of Castro, Druschel, Kermarrec and Rowstron (JSAC 2002): delay penalties, node
/// stress and link stress of multicast trees over a transit-stub network, beside multicast within
/// the network and unicast. The defaults are the published set-up.
struct ScribeSetup {
  enum class Part {
    kTrees,       ///< groups of all sizes: delay, node stress, link stress
    kBottleneck,  ///< the same with a limit on the children entries of a node
    kSmall,       ///< many small groups, plain and with collapse
  };
  struct Trees {
    std::size_t nodes = 100'000;
    std::size_t groups = 1'500;
    double skew = 1.25;  ///< the group of rank r has ⌊nodes·r^−skew + ½⌋ members
  };
  struct Small {
    std::size_t nodes = 50'000;
    std::size_t groups = 30'000;
    std::size_t members = 11;  ///< of each group
  };

  Runs runs = {};
  std::set<Part> parts = {Part::kTrees, Part::kBottleneck, Part::kSmall};
  TransitStubShape network = {};
  Trees trees = {};
  std::size_t children_limit = 64;  ///< of the bottleneck remover: entries of one node
  Small small = {};
};

/// What is impossible about it, in words for the one who asked for it.
Outcome check(const ScribeSetup& setup);

}  // namespace phyllo::sim
