#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "overlay/id.h"

namespace phyllo::overlay::transport {

/// Overlay messages, and their bytes without ZeroMQ's framing.
struct Traffic {
  std::uint64_t sent_messages = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_messages = 0;
  std::uint64_t received_bytes = 0;

  void sent(std::size_t bytes) {
    ++sent_messages;
    sent_bytes += bytes;
  }
  void received(std::size_t bytes) {
    ++received_messages;
    received_bytes += bytes;
  }
};

/// Traffic between this broker and each region, its own included. References stay valid.
class RegionTraffic {
 public:
  /// Names come from peers: past a fixed number of them, further ones share the entry "other".
  Traffic& of(const std::string& region) {
    if (const auto known = regions_.find(region); known != regions_.end()) return known->second;
    return regions_[regions_.size() < kLimit ? region : "other"];
  }
  const std::map<std::string, Traffic>& all() const { return regions_; }

 private:
  static constexpr std::size_t kLimit = 256;
  std::map<std::string, Traffic> regions_;
};

/// What was exchanged with one peer over the connections there are now.
struct PeerTraffic {
  NodeId peer;
  std::string region;
  Traffic traffic;
  std::size_t queued_bytes = 0;
};

}  // namespace phyllo::overlay::transport
