#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "base/random.h"
#include "base/recent.h"
#include "regions/borders_config.h"
#include "regions/borders_stats.h"
#include "regions/global_ring.h"
#include "regions/losses.h"
#include "regions/messages.h"
#include "regions/route_book.h"
#include "regions/topic_traffic.h"

namespace phyllo::regions {

/// The batches of a topic in the order in which they were numbered here.
using Ordinal = std::uint64_t;

/// A batch that the root of another region has acknowledged.
struct Receipt {
  Ordinal ordinal = 0;
  multicast::Batch batch;
  Time since;  ///< it waited for crossing the border
};

/// What the parts of the borders share.
class BordersState {
 public:
  BordersState(BordersConfig borders_config, RegionTable table, const GlobalRing& global_ring,
               std::uint64_t seed)
      : config(borders_config),
        ring(global_ring),
        random(seed),
        receipts({config.lease, kReceiptBytes, config.receipt_bytes}),
        routes(std::move(table), global_ring.self().region(), config.extra_delay),
        attempt_(random.next() >> multicast::kAttemptLifeShift << multicast::kAttemptLifeShift) {}

  const overlay::Contact& self() const { return ring.self(); }
  Attempt next_attempt() { return ++attempt_; }
  /// Doubles with each failure, up to eight times as long.
  Duration back_off(std::uint32_t failures) {
    return random.around(config.retry * (1 << std::min(failures, 3U)), 0.25);
  }
  /// As far as this node knows nobody of the other region is in the ring of all brokers, nor was
  /// anybody who may still go by what the ring told him.
  bool deserted(Time now, const std::string& region) const {
    if (losses.since(now - config.lease, region) || !ring.met(region).empty()) return false;
    // Who is under suspicion is not met, and not lost either.
    const auto others = ring.all_others();
    return !others || std::ranges::count(*others, region, &overlay::Contact::region) == 0;
  }

  const BordersConfig config;
  const GlobalRing& ring;
  Random random;
  /// What crossed lately, by topic and region: a root that dies may have taken some with it that
  /// nobody there has seen.
  Recent<std::pair<TopicId, std::string>, Receipt> receipts;
  RouteBook routes;
  Losses losses;
  BordersStats stats;
  TopicTraffic traffic;  ///< to other regions

 private:
  static constexpr std::size_t kReceiptBytes = 1 << 20;  ///< for each topic and region

  Attempt attempt_;
};

}  // namespace phyllo::regions
