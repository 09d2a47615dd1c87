#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/time.h"

namespace phyllo::sim {

/// Virtual time: what is to happen, in order of time, and of entry where the time is the same. A
/// run depends on nothing else.
class EventQueue {
 public:
  using Action = std::function<void()>;

  Time now() const { return now_; }
  /// A time in the past means now.
  void at(Time when, Action action);
  void after(Duration delay, Action action) { at(now_ + delay, std::move(action)); }

  /// Runs the next event if it is due by `end`; otherwise moves time to `end`.
  bool run_next(Time end);
  /// Runs what is due by `end` and moves time there.
  void run_until(Time end) {
    while (run_next(end)) continue;
  }
  std::uint64_t events_run() const { return events_run_; }

 private:
  struct Event {
    Time when;
    std::uint64_t number;
    Action action;
  };
  struct Later {
    bool operator()(const Event& a, const Event& b) const {
      return a.when != b.when ? a.when > b.when : a.number > b.number;
    }
  };

  Time now_{};
  std::uint64_t last_number_ = 0;
  std::uint64_t events_run_ = 0;
  std::uint64_t at_this_instant_ = 0;
  std::vector<Event> heap_;
};

}  // namespace phyllo::sim
