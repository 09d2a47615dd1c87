#include "sim/network/event_queue.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace phyllo::sim {
namespace {

/// So much at one instant is somebody calling himself for ever.
constexpr std::uint64_t kEndless = 1'000'000;
/// Long enough for a word to come from the memory.
constexpr int kEventsPerStep = 3;
/// Events between two glances; a power of two.
constexpr std::uint64_t kGlance = 4096;

}  // namespace

void EventQueue::at(Time when, Action action) {
  calendar_.add({std::max(when, now_), ++last_number_, nullptr, actions_.put(std::move(action))});
}

void EventQueue::at(Time when, Target& target, std::uint64_t event) {
  calendar_.add({std::max(when, now_), ++last_number_, &target, event});
}

void EventQueue::foresee() const {
  for (int step = 0; step < Target::kSteps; ++step) {
    const auto ahead = static_cast<std::size_t>((Target::kSteps - 1 - step) * kEventsPerStep);
    const Calendar::Entry* entry = calendar_.glimpse(ahead);
    if (entry != nullptr && entry->target != nullptr) entry->target->foresee(entry->event, step);
  }
}

bool EventQueue::run_next(Time end) {
  if (calendar_.empty() || calendar_.front().when > end) {
    now_ = std::max(now_, end);
    return false;
  }
  if (events_run_ % kGlance == kGlance - 1 && glance_) glance_();
  const Calendar::Entry event = calendar_.pop();
  foresee();
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
