#include "sim/network/event_queue.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace phyllo::sim {
namespace {

/// So much at one instant is somebody calling himself for ever.
constexpr std::uint64_t kEndless = 1'000'000;

}  // namespace

void EventQueue::at(Time when, Action action) {
  heap_.push_back({std::max(when, now_), ++last_number_, std::move(action)});
  std::push_heap(heap_.begin(), heap_.end(), Later{});
}

bool EventQueue::run_next(Time end) {
  if (heap_.empty() || heap_.front().when > end) {
    now_ = std::max(now_, end);
    return false;
  }
  std::pop_heap(heap_.begin(), heap_.end(), Later{});
  Event event = std::move(heap_.back());
  heap_.pop_back();
  at_this_instant_ = event.when == now_ ? at_this_instant_ + 1 : 0;
  PHYLLO_CHECK(at_this_instant_ < kEndless);
  now_ = event.when;
  ++events_run_;
  event.action();
  return true;
}

}  // namespace phyllo::sim
