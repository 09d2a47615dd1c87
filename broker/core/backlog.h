#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <variant>

#include "broker/core/broker_config.h"
#include "multicast/stream.h"

namespace phyllo::broker {

/// Where and under what name this broker reports the losses it causes itself.
struct LossPlace {
  overlay::NodeId node;
  std::string region;
};

/// What one slow subscriber still has to get, in order and bounded in bytes. Over the limit the
/// policy decides what is dropped; a gap notice takes its place, merged with its neighbours. The
/// newest batch is kept whatever its size when nothing else is, so that a limit below a batch's
/// size still lets something through. Not thread-safe.
class Backlog {
 public:
  using Item = std::variant<multicast::StreamBatch, multicast::Gap>;
  /// Counted for an item beside a batch's body.
  static constexpr std::size_t kItemBytes = 64;
  /// Gap notices that cannot be merged may take this much however small the limit is.
  static constexpr std::size_t kGapBytes = 16 << 10;

  Backlog(SlowPolicy policy, std::size_t limit) : policy_(policy), limit_(limit) {}

  /// False when the subscriber cannot be served any longer: policy `disconnect` and no room, or not
  /// even the gap notices fit.
  [[nodiscard]] bool push(multicast::StreamBatch batch, const LossPlace& here);
  [[nodiscard]] bool push_gap(multicast::Gap gap);
  /// The oldest item; only when not empty.
  Item pop();

  bool empty() const { return items_.empty(); }
  std::size_t bytes() const { return bytes_; }
  /// Messages dropped by the policy since the last call.
  std::uint64_t take_dropped() { return std::exchange(dropped_, 0); }

 private:
  bool over_limit() const { return bytes_ > limit_; }
  void append(multicast::StreamBatch batch);
  void append_gap(multicast::Gap gap);
  void drop_oldest(const LossPlace& here);
  bool gaps_fit();
  void merge_any_cause();
  multicast::Gap lost(const multicast::StreamBatch& batch, const LossPlace& here);

  SlowPolicy policy_;
  std::size_t limit_;
  std::deque<Item> items_;
  std::size_t batches_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace phyllo::broker
