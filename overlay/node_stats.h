#pragma once

#include <cstddef>
#include <cstdint>

namespace phyllo::overlay {

/// Counters since the node was made, and sizes now.
struct NodeStats {
  std::uint64_t joins_admitted = 0;  ///< joiners this node was the root of
  std::uint64_t peers_lost = 0;
  std::uint64_t leaf_set_repairs = 0;
  std::uint64_t hops_sent = 0;
  std::uint64_t hops_retransmitted = 0;
  std::uint64_t hops_rerouted = 0;
  std::uint64_t hop_duplicates = 0;  ///< received twice, passed on once
  std::uint64_t hop_limit_drops = 0;
  std::uint64_t buffer_limit_drops = 0;
  std::uint64_t stale_messages = 0;  ///< of an earlier incarnation, or answers nobody asked for
  std::uint64_t rejoins = 0;         ///< after a pause of this process or a refused lease of life
  std::size_t leaf_set_size = 0;
  std::size_t table_entries = 0;
  std::size_t buffered_bytes = 0;
};

}  // namespace phyllo::overlay
