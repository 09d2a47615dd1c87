#pragma once

#include <cstddef>

#include "base/time.h"

namespace phyllo::regions {

/// Where batches may be passed on to other regions.
enum class Relaying {
  kNone,
  kInterested,  ///< in regions that get them anyhow
  kAll,
};

struct BordersConfig {
  Duration retry;    ///< what has no answer is said again after this long; doubles
  Duration refresh;  ///< a regional root to the rendezvous: all this still holds
  Duration lease;    ///< so long after its last word a root that publishes is waited for
  /// So long after a broker of the region died its subscribers may be on their way to another root.
  Duration regrafting = std::chrono::milliseconds(1250);
  Duration interest_life = std::chrono::minutes(2);    ///< so long interest outlives the last word
  Duration settling = std::chrono::seconds(1);         ///< a new rendezvous waits for its lists
  Duration publishing_idle = std::chrono::minutes(1);  ///< who published nothing is no publisher
  Relaying relaying = Relaying::kAll;
  /// How much later than on the direct way a batch may arrive where it costs less to pass it on.
  Duration extra_delay = std::chrono::milliseconds(50);
  Duration distrust = std::chrono::seconds(10);  ///< so long no relays after something failed
  std::size_t crossing_bytes = 16 << 20;         ///< waiting for one region, of one topic
  std::size_t held_bytes = 4 << 20;              ///< of one topic, while nobody knows who wants it
  std::size_t bytes = 256 << 20;                 ///< both over all topics
  std::size_t receipt_bytes = 64 << 20;  ///< kept after they were acknowledged, over all topics
  std::size_t rolls = 1'000'000;         ///< topics that this node is the rendezvous of
  Duration survey = std::chrono::seconds(2);  ///< so long a survey in one region takes at most
  std::size_t cast_bytes = 64 << 20;  ///< of casts for other regions, and of those from there

  static BordersConfig lan();
  static BordersConfig wan();
  static BordersConfig paper();
};

}  // namespace phyllo::regions
