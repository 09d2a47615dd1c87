#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "multicast/forest_config.h"
#include "overlay/node_config.h"
#include "regions/borders_config.h"
#include "regions/fence.h"
#include "regions/region_table.h"

namespace phyllo::broker {

/// What happens to a subscription's batches that its program has given no credit for, once there
/// are too many of them. Whatever is dropped is reported to the subscriber as a gap, in its place
/// in the stream.
enum class SlowPolicy : std::uint8_t {
  kDropOldest,
  kDropNewest,
  kConflate,    ///< only the newest batch is ever kept
  kDisconnect,  ///< end the session
};

struct ClientLimits {
  std::size_t clients = 10'000;
  std::size_t subscriptions_per_client = 100'000;
  std::size_t subscriptions = 1'000'000;
  std::size_t message_bytes = 8 << 20;          ///< one message of a batch
  std::size_t publish_window_bytes = 4 << 20;   ///< published by one client, not yet acknowledged
  std::size_t queue_bytes = 16 << 20;           ///< default of one subscription's queue
  std::size_t queue_bytes_maximum = 256 << 20;  ///< most that a subscription may ask for
  SlowPolicy slow_policy = SlowPolicy::kDropOldest;
  Duration heartbeat = std::chrono::milliseconds(500);  ///< said to an idle client this often
  /// A client silent for this long is gone, or for three heartbeats before its hello. Until then it
  /// may stand still and find what its queues have kept.
  Duration silence = std::chrono::seconds(15);
};

struct BrokerConfig {
  std::string cluster = "phyllo";
  /// Of the whole cluster. Two or more: besides the ring of all brokers each region has its own, on
  /// which its trees live.
  std::vector<std::string> regions;
  phyllo::regions::RegionTable region_table;  ///< of the same; what their borders cost
  phyllo::regions::Fence fence;               ///< topics that must stay inside some of them
  overlay::NodeConfig overlay;  ///< of both rings; its timers are those of the one with the trees
  overlay::Timers global_ring = overlay::Timers::wan();  ///< of the other one, where there are two
  multicast::ForestConfig multicast = multicast::ForestConfig::lan();
  phyllo::regions::BordersConfig borders = phyllo::regions::BordersConfig::wan();
  ClientLimits clients;
  Duration drain_grace = std::chrono::seconds(2);  ///< for programs to move, and trees to pass on
};

}  // namespace phyllo::broker
