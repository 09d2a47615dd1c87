#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "bench/compare/measure/latency.h"

namespace phyllo::bench {

/// Nanoseconds of the steady clock, which all processes of one machine share.
inline std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

/// How far a run is; only goes up.
enum class Phase : int {
  kConnect,  ///< everybody connects and subscribes
  kWarmUp,   ///< publishers publish until every subscriber has heard of every topic
  kRest,     ///< what is still under way arrives
  kRun,      ///< what is measured
  kFinish    ///< all is published; the last messages arrive
};

/// What one subscriber tells; it alone writes.
struct SubscriberSlot {
  std::atomic<bool> ready;
  std::atomic<bool> left;        ///< unsubscribed; idle workloads only
  std::atomic<bool> unanswered;  ///< and no server said so
  std::atomic<std::uint64_t> topics_heard;
  std::atomic<std::uint64_t> delivered;
  std::atomic<std::uint64_t> disordered;  ///< came twice, or after a later one
  std::atomic<std::uint64_t> damaged;
  std::atomic<std::uint64_t> told_lost;  ///< the system said that so many will not come
  std::atomic<std::int64_t> last_at;     ///< when the last message came; exact from kFinish on
  Latency latency;                       ///< paced workloads only
};

/// What one publisher tells; it alone writes.
struct PublisherSlot {
  std::atomic<bool> ready;
  std::atomic<std::uint64_t> published;
  std::atomic<bool> finished;
  Latency lateness;  ///< from the planned time until the call returned; paced workloads only
};

/// Memory that the processes of one run share: made before they are forked, it ends with the last
/// of them.
class Board {
 public:
  Board(std::size_t publishers, std::size_t subscribers);
  ~Board();
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  std::span<PublisherSlot> publishers() { return publishers_; }
  std::span<SubscriberSlot> subscribers() { return subscribers_; }

  Phase phase() const { return static_cast<Phase>(head_->phase.load(std::memory_order_acquire)); }
  void go_on_to(Phase phase) {
    head_->phase.store(static_cast<int>(phase), std::memory_order_release);
  }
  /// Looks once a millisecond.
  void wait_for(Phase phase) const;

  /// The first failure counts.
  void fail(const std::string& why);
  /// Empty while nothing has failed.
  std::string failure() const;

 private:
  struct Head {
    std::atomic<int> phase;
    std::atomic<int> failed;  ///< 1: somebody writes why, 2: it is there
    char why[240];
  };
  std::size_t bytes_;
  Head* head_;
  std::span<PublisherSlot> publishers_;
  std::span<SubscriberSlot> subscribers_;
};

}  // namespace phyllo::bench
