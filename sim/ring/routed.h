#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "overlay/effects.h"
#include "sim/network/network_trace.h"

namespace phyllo::sim {

/// One message that a test sent toward a key, and what became of it.
struct Routed {
  struct Delivery {
    StationId at;
    Time when;
    std::uint32_t hops;
    /// An active node closer to the key, if there was one at that moment.
    std::optional<overlay::NodeId> closer;
  };

  overlay::Key key;
  StationId from = 0;
  Time sent;
  std::vector<StationId> path;  ///< where it was seen, in order
  std::vector<Delivery> deliveries;
  std::optional<overlay::Undelivered::Reason> undelivered;

  bool delivered_once() const { return deliveries.size() == 1; }
};

/// All messages of a run; a message carries its number here.
class RoutedMessages {
 public:
  std::uint64_t add(Routed message);
  Routed& operator[](std::uint64_t number) { return messages_[number]; }
  const Routed& operator[](std::uint64_t number) const { return messages_[number]; }
  std::size_t size() const { return messages_.size(); }
  auto begin() const { return messages_.begin(); }
  auto end() const { return messages_.end(); }

  static overlay::AppMessage wire(std::uint64_t number);
  /// nullopt for something that `wire` did not make.
  std::optional<std::uint64_t> number(const overlay::AppMessage& message) const;

 private:
  std::deque<Routed> messages_;
};

}  // namespace phyllo::sim
