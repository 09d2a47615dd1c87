#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/network/end_nodes.h"

namespace phyllo::sim {

/// How many messages each link has carried, in either direction: those between routers and the one
/// of each end node. The end nodes must all be there when it is made, and outlive it.
class LinkStress {
 public:
  explicit LinkStress(const EndNodes& nodes);

  /// One message between two end nodes.
  void unicast(StationId from, StationId to);
  /// One message to all of `members`, once over each link of the merged shortest paths: what
  /// multicast within the network would do. The source may be one of them.
  void multicast(StationId from, std::span<const StationId> members);

  std::uint64_t total() const;
  std::uint32_t maximum() const;
  /// Over links between routers only.
  std::uint64_t total_between_routers() const;
  const std::vector<std::uint32_t>& messages() const { return messages_; }

 private:
  std::uint32_t& of_node(StationId node) { return messages_[router_links_ + node]; }

  const EndNodes& nodes_;
  std::size_t router_links_;
  std::vector<std::uint32_t> messages_;
  std::vector<std::uint32_t> reached_;  ///< routers, by the latest multicast that came there
  std::uint32_t multicasts_ = 0;
};

}  // namespace phyllo::sim
