#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"
#include "overlay/id.h"
#include "sim/network/network_trace.h"

namespace phyllo::sim {

/// One message that a node sent toward a key, and what became of it.
struct Lookup {
  /// What it is content with.
  enum class Goal {
    kRoot,
    kAnyReplica,      ///< the first node on the way that is one of those closest to the key
    kNearestReplica,  ///< the same, and each node sends it to the nearest likely one it knows
    kChosenReplica,   ///< the same, and the first of them that it meets sends it to the one that
                      ///< is nearest to its sender by their coordinates
  };
  enum class End {
    kUnderWay,
    kReached,
    kWrong,    ///< at a node that took itself for the root while another active one was closer
    kGivenUp,  ///< a node said that it could not bring it further
  };

  overlay::Key key;
  Goal goal = Goal::kRoot;
  std::size_t replicas = 1;
  StationId from = 0;
  Time sent{};
  StationId seen_at = 0;  ///< where it was last
  std::uint32_t hops = 0;
  Duration way{};  ///< the latencies of the links it crossed
  End end = End::kUnderWay;
  Time ended{};
};

}  // namespace phyllo::sim
