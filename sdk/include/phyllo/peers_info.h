#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace phyllo {

/// A broker as another broker knows it.
struct PeerInfo {
  std::string node_id;  ///< 32 hexadecimal digits
  std::uint64_t incarnation = 0;
  std::string region;
  std::string local_endpoint;
  std::string wan_endpoint;
  std::chrono::microseconds rtt{0};  ///< 0: not measured
  std::uint32_t row = 0;             ///< place in the routing table, where it stands there
  std::uint32_t column = 0;
};

/// Whom the broker knows in one of its rings.
struct RingInfo {
  std::string state;                   ///< "active" when it serves; else as the overlay names it
  std::vector<PeerInfo> left_leaves;   ///< nearest first
  std::vector<PeerInfo> right_leaves;  ///< nearest first
  std::vector<PeerInfo> table;         ///< row by row
};

/// What the connected broker knows of the overlay, and how much it serves itself.
struct PeersInfo {
  PeerInfo self;
  std::string state;                   ///< "active" when it serves; else as the overlay names it
  std::vector<PeerInfo> left_leaves;   ///< nearest first
  std::vector<PeerInfo> right_leaves;  ///< nearest first
  std::vector<PeerInfo> table;         ///< row by row
  std::uint64_t clients = 0;
  std::uint64_t subscriptions = 0;
  std::uint64_t topics = 0;
  /// The ring of all brokers, where the cluster has regions with rings of their own: what stands
  /// above is then the ring of the broker's region.
  std::optional<RingInfo> global_ring;
};

}  // namespace phyllo
