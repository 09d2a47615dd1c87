#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace phyllo::overlay {

/// How fast the overlay notices and repairs. A set of these is a profile: the papers' constants
/// suit home machines on the Internet, brokers in a data centre can be two orders of magnitude
/// faster.
struct Timers {
  Duration heartbeat;          ///< to the left neighbour, when nothing else was sent to it
  Duration silence;            ///< a right neighbour silent for this long is probed
  Duration probe_timeout;      ///< first wait for the answer to a probe
  int probe_attempts;          ///< probes without an answer until a peer is declared dead
  Duration table_probe;        ///< slowest interval of routing-table probes (self-tuned below it)
  Duration table_maintenance;  ///< a random row is exchanged with one of its members this often
  Duration heal;               ///< a past contact or seed is tried about this often after a cut
  Duration join_retry;         ///< first back-off of an unanswered join; doubles, with jitter
  Duration
      founding_patience;  ///< a seed that reaches no other seed founds the ring after this long
  Duration minimum_rto;   ///< lower bound of a hop's retransmission timeout
  Duration pause;         ///< a node not called for this long has slept and rejoins

  static Timers lan();
  static Timers wan();
  static Timers paper();
  /// "lan", "wan" or "paper".
  static std::optional<Timers> named(std::string_view profile);
};

struct NodeConfig {
  Timers timers = Timers::lan();
  std::size_t leaf_set_size = 16;    ///< l: even, 2 to 128
  double cross_region_factor = 5.0;  ///< multiplies the round trip to a node of another region
  std::uint32_t hop_limit = 64;      ///< a message that crossed this many links is dropped, counted
  std::size_t buffer_bytes = 16 << 20;  ///< kept while not active, and unacknowledged, at most
};

}  // namespace phyllo::overlay
