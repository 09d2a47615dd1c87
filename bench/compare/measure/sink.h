#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "bench/compare/measure/board.h"
#include "bench/compare/workload/content.h"
#include "bench/compare/workload/workload.h"

namespace phyllo::bench {

/// Where a subscriber puts every message that arrives: checks order and content, counts, and notes
/// the latency. One thread at a time.
class Sink {
 public:
  Sink(const Workload& workload, const Board& board, SubscriberSlot& slot);

  void take(std::string_view message);
  /// The system itself says that so many messages will not come.
  void told_of_loss(std::uint64_t messages);

 private:
  void warm_up(std::uint32_t topic);

  const Workload& workload_;
  const Board& board_;
  SubscriberSlot& slot_;
  Content content_;
  std::vector<std::uint32_t> next_;  ///< by topic: the number that follows
  std::vector<bool> heard_;
  std::uint64_t delivered_ = 0;
};

}  // namespace phyllo::bench
