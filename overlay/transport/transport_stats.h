#pragma once

#include <cstddef>
#include <cstdint>

namespace phyllo::overlay::transport {

/// Counters since the transport was made, and sizes now.
struct TransportStats {
  std::uint64_t links_opened = 0;
  std::uint64_t links_lost = 0;      ///< broken, refused or never made
  std::uint64_t links_closed = 0;    ///< on purpose: idle, over the limit, forgotten, replaced
  std::uint64_t full_drops = 0;      ///< not sent: the peer's queue had no room
  std::uint64_t oversize_drops = 0;  ///< not sent: larger than any peer would take
  std::uint64_t refused_here = 0;    ///< hellos refused
  std::uint64_t refused_there = 0;   ///< our hellos, refused by others
  std::uint64_t wrong_nodes = 0;     ///< of these, because a known address had a new owner
  std::uint64_t hello_missing = 0;   ///< connections that spoke without introducing themselves
  std::uint64_t malformed = 0;       ///< frames that do not decode, or do not belong there
  std::uint64_t altered = 0;         ///< frames of the links' own that are not as they were sent
  std::uint64_t unwanted = 0;        ///< frames over connections that were refused
  std::uint64_t accepted = 0;        ///< connections
  std::uint64_t accepted_over_limit = 0;
  std::uint64_t accepted_silent = 0;     ///< ended because they said nothing
  std::uint64_t accept_foreign_ids = 0;  ///< ended because they brought a routing id
  std::uint64_t accept_failures = 0;     ///< including failed ZeroMQ handshakes
  std::size_t links = 0;
  std::size_t links_welcomed = 0;  ///< of these, those the peer has agreed to
  std::size_t connections = 0;     ///< accepted and open
  std::size_t peers = 0;           ///< of these, those that introduced themselves
  std::size_t queued_bytes = 0;
};

}  // namespace phyllo::overlay::transport
