#include "sim/network/event_queue.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace phyllo::sim {
namespace {

/// So much at one instant is somebody calling himself for ever.
constexpr std::uint64_t kEndless = 1'000'000;
constexpr std::size_t kChildren = 4;
/// Events between two glances; a power of two.
constexpr std::uint64_t kGlance = 4096;

}  // namespace

void EventQueue::at(Time when, Action action) {
  push({std::max(when, now_), ++last_number_, nullptr, actions_.put(std::move(action))});
}

void EventQueue::at(Time when, Target& target, std::uint64_t event) {
  push({std::max(when, now_), ++last_number_, &target, event});
}

void EventQueue::push(Event event) {
  std::size_t place = heap_.size();
  heap_.push_back(event);
  while (place > 0) {
    const std::size_t parent = (place - 1) / kChildren;
    if (!event.before(heap_[parent])) break;
    heap_[place] = heap_[parent];
    place = parent;
  }
  heap_[place] = event;
}

EventQueue::Event EventQueue::pop() {
  const Event first = heap_.front();
  const Event last = heap_.back();
  heap_.pop_back();
  if (heap_.empty()) return first;
  std::size_t place = 0;
  while (true) {
    const std::size_t child = place * kChildren + 1;
    if (child >= heap_.size()) break;
    const std::size_t end = std::min(child + kChildren, heap_.size());
    std::size_t least = child;
    for (std::size_t other = child + 1; other < end; ++other) {
      if (heap_[other].before(heap_[least])) least = other;
    }
    if (!heap_[least].before(last)) break;
    heap_[place] = heap_[least];
    place = least;
  }
  heap_[place] = last;
  return first;
}

bool EventQueue::run_next(Time end) {
  if (heap_.empty() || heap_.front().when > end) {
    now_ = std::max(now_, end);
    return false;
  }
  if (events_run_ % kGlance == kGlance - 1 && glance_) glance_();
  const Event event = pop();
  at_this_instant_ = event.when == now_ ? at_this_instant_ + 1 : 0;
  PHYLLO_CHECK(at_this_instant_ < kEndless);
  now_ = event.when;
  ++events_run_;
  const auto time = static_cast<std::uint64_t>(event.when.time_since_epoch().count());
  digest_ = (digest_ ^ time ^ event.number << 40 ^ event.event << 20) * 0x9e3779b97f4a7c15u;
  digest_ ^= digest_ >> 29;
  if (event.target != nullptr) {
    event.target->due(event.event);
  } else {
    actions_.take(static_cast<std::uint32_t>(event.event))();
  }
  return true;
}

}  // namespace phyllo::sim
