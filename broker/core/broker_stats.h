#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "multicast/forest_stats.h"
#include "overlay/effects.h"
#include "overlay/node_stats.h"
#include "regions/borders_stats.h"

namespace phyllo::broker {

/// Counters of local programs since the broker was made, and sizes now. A "message" is one of the
/// publisher's, not a batch.
struct ClientStats {
  std::uint64_t connections = 0;            ///< ever opened
  std::uint64_t silent_closed = 0;          ///< sessions that missed their heartbeats
  std::uint64_t malformed_frames = 0;       ///< undecodable; each ended its session
  std::uint64_t altered_frames = 0;         ///< not as they were sent; each ended its session
  std::uint64_t stray_frames = 0;           ///< of a session or subscription that is no more
  std::array<std::uint64_t, 11> refused{};  ///< requests and sessions refused, by ErrorCode
  std::uint64_t published_batches = 0;      ///< accepted at the edge
  std::uint64_t published_messages = 0;
  std::uint64_t published_bytes = 0;
  std::uint64_t publish_acks = 0;
  std::uint64_t deferred_batches = 0;   ///< had to wait for room in the forest
  std::uint64_t delivered_batches = 0;  ///< once per subscription
  std::uint64_t delivered_messages = 0;
  std::uint64_t delivered_bytes = 0;
  std::array<std::uint64_t, 5> gap_messages{};  ///< told to subscribers, by Gap::Why
  std::uint64_t slow_dropped_messages = 0;      ///< dropped by a subscription's policy
  std::uint64_t slow_disconnects = 0;           ///< sessions ended by policy `disconnect`
  std::uint64_t casts = 0;                      ///< any- and manycasts that programs here asked for
  std::uint64_t casts_taken = 0;                ///< by programs here
  std::size_t clients = 0;
  std::size_t subscriptions = 0;
  std::size_t subscribed_topics = 0;
  std::size_t queue_bytes = 0;           ///< waiting for subscribers' credit
  std::size_t unacknowledged_bytes = 0;  ///< published by programs, not yet acknowledged
  std::size_t waiting_batches = 0;       ///< of those, waiting for room in the forest
};

/// The ring of all brokers, where trees live on the ring of the region.
struct GlobalRingStats {
  overlay::StateChanged::State state = overlay::StateChanged::State::kDead;
  overlay::NodeStats overlay;
  std::uint64_t foreigners_refused = 0;  ///< of other regions, kept out of the region's ring
};

/// Everything countable about a broker, for metrics and status pages.
struct BrokerStats {
  overlay::StateChanged::State state = overlay::StateChanged::State::kDead;
  bool draining = false;
  std::uint64_t malformed_peer_messages = 0;
  std::uint64_t altered_peer_messages = 0;  ///< not as they were sent
  std::uint64_t peer_link_drops = 0;        ///< messages a full link had no room for
  std::uint64_t stray_ring_messages = 0;    ///< for a ring that this broker is not in
  std::uint64_t unclaimed_messages = 0;     ///< between regions, brought no further
  overlay::NodeStats overlay;               ///< of the ring that the trees live on
  std::optional<GlobalRingStats> global_ring;
  multicast::ForestStats multicast;
  std::optional<regions::BordersStats> borders;  ///< where there are two regions or more
  ClientStats clients;
};

}  // namespace phyllo::broker
