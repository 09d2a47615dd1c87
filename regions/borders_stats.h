#pragma once

#include <cstddef>
#include <cstdint>

namespace phyllo::regions {

/// What the borders of one broker's region have seen since it started, and what waits there now.
struct BordersStats {
  std::uint64_t malformed = 0;         ///< messages that no broker would send
  std::uint64_t exported_batches = 0;  ///< sent to another region, each copy counted
  std::uint64_t exported_messages = 0;
  std::uint64_t exported_bytes = 0;
  std::uint64_t repeated_batches = 0;  ///< sent once more, for want of an answer
  std::uint64_t imported_batches = 0;
  std::uint64_t imported_messages = 0;
  std::uint64_t relayed_batches = 0;    ///< passed on for other regions, each copy counted
  std::uint64_t relay_drops = 0;        ///< of these, the link had no room for
  std::uint64_t dropped_messages = 0;   ///< no room while a region could not be reached
  std::uint64_t refused_rolls = 0;      ///< topics that this rendezvous has no room for
  std::uint64_t fenced_off = 0;         ///< of topics that must not be here, or there
  std::uint64_t refused_questions = 0;  ///< surveys and casts across borders, for want of room
  std::size_t waiting_bytes = 0;        ///< for other regions
  std::size_t receipt_bytes = 0;        ///< kept, lest their root die with what it acknowledged
  std::size_t registrations = 0;        ///< topics that this node is a regional root of
  std::size_t rolls = 0;                ///< topics that it is the rendezvous of
};

}  // namespace phyllo::regions
