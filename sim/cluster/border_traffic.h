#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/cluster/cluster.h"

namespace phyllo::sim {

/// What goes over IP beside each frame between two brokers, at most: the frame in a TCP segment of
/// its own and the acknowledgement in another one, each with 52 bytes of IPv4 and TCP headers, and
/// two bytes by which ZeroMQ tells its length.
inline constexpr std::uint64_t kFrameOverhead = 2 * 52 + 2;

/// Counts what brokers send to those of other regions, from now on. Watches the network's trace;
/// the cluster must not run any longer than this lives.
class BorderTraffic {
 public:
  explicit BorderTraffic(Cluster& cluster);
  ~BorderTraffic();
  BorderTraffic(const BorderTraffic&) = delete;
  BorderTraffic& operator=(const BorderTraffic&) = delete;

  std::uint64_t frames() const;
  /// Of frames with a body: batches of topics.
  std::uint64_t batches() const;
  /// From one region into another.
  std::uint64_t batches(const std::string& from, const std::string& to) const;
  /// Of frames, with their overhead.
  std::uint64_t bytes() const;
  /// What the broker that sent the most sent.
  std::uint64_t most_bytes() const;

 private:
  struct Sent {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
  };
  static std::uint64_t total(const Sent& sent) { return sent.bytes + sent.frames * kFrameOverhead; }

  Cluster& cluster_;
  std::vector<Sent> by_broker_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> batches_;  // by regions
};

}  // namespace phyllo::sim
