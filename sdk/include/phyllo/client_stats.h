#pragma once

#include <cstdint>

namespace phyllo {

/// Counters of a client since it was made. Each is exact; together they are not one instant.
struct ClientStats {
  std::uint64_t connects = 0;             ///< connections that reached a welcome
  std::uint64_t failed_attempts = 0;      ///< attempts that did not, refusals included
  std::uint64_t malformed_frames = 0;     ///< frames of a broker that could not be used
  std::uint64_t altered_frames = 0;       ///< not as they were sent; each ended its connection
  std::uint64_t published = 0;            ///< messages taken by publish
  std::uint64_t acknowledged = 0;         ///< of these, acknowledged by a topic's root
  std::uint64_t refused = 0;              ///< of these, refused by a broker
  std::uint64_t resent = 0;               ///< messages sent again after a reconnect
  std::uint64_t batches_sent = 0;         ///< batches that carried them, resent ones included
  std::uint64_t queued_bytes = 0;         ///< published and not acknowledged now
  std::uint64_t subscriptions = 0;        ///< open now
  std::uint64_t callback_exceptions = 0;  ///< exceptions that left a callback
};

}  // namespace phyllo
