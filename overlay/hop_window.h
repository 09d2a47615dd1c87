#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "overlay/id.h"

namespace phyllo::overlay {

/// Which hops have been received, so that a retransmission is acknowledged again but passed on
/// once. The sender numbers its hops within a life and says with each one below which number it
/// will send none again; only numbers above have to be remembered.
class HopWindow {
 public:
  static constexpr std::size_t kMaxSenders = 1024;
  static constexpr std::size_t kMaxOpen = 8192;  ///< remembered numbers of one sender

  /// True the first time this hop comes.
  bool first(NodeId from, std::uint64_t life, std::uint64_t hop, std::uint64_t settled);

 private:
  struct Sender {
    std::uint64_t life = 0;
    std::uint64_t settled = 0;
    std::uint64_t used = 0;
    std::vector<std::uint64_t> seen;  // ascending, none below `settled`
  };

  void evict_oldest();

  std::map<NodeId, Sender> senders_;
  std::uint64_t uses_ = 0;
};

}  // namespace phyllo::overlay
