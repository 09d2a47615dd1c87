#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/random.h"
#include "regions/borders_config.h"
#include "regions/borders_stats.h"
#include "regions/global_ring.h"
#include "regions/messages.h"
#include "regions/route_book.h"
#include "regions/topic_traffic.h"

namespace phyllo::regions {

/// What the parts of the borders share.
class BordersState {
 public:
  BordersState(BordersConfig borders_config, RegionTable table, const GlobalRing& global_ring,
               std::uint64_t seed)
      : config(borders_config),
        ring(global_ring),
        random(seed),
        routes(std::move(table), global_ring.self().region(), config.extra_delay),
        attempt_(random.next() >> multicast::kAttemptLifeShift << multicast::kAttemptLifeShift) {}

  const overlay::Contact& self() const { return ring.self(); }
  Attempt next_attempt() { return ++attempt_; }
  /// Doubles with each failure, up to eight times as long.
  Duration back_off(std::uint32_t failures) {
    return random.around(config.retry * (1 << std::min(failures, 3U)), 0.25);
  }

  const BordersConfig config;
  const GlobalRing& ring;
  Random random;
  RouteBook routes;
  BordersStats stats;
  TopicTraffic traffic;  ///< to other regions

 private:
  Attempt attempt_;
};

}  // namespace phyllo::regions
