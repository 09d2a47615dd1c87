#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <utility>

#include "base/time.h"
#include "sim/network/calendar.h"
#include "sim/network/event_target.h"
#include "sim/network/slab.h"

namespace phyllo::sim {

/// Virtual time: what is to happen, in order of time, and of entry where the time is the same. A
/// run depends on nothing else.
class EventQueue {
 public:
  using Action = std::function<void()>;

  using Target = EventTarget;

  Time now() const { return now_; }
  /// A time in the past means now.
  void at(Time when, Action action);
  void after(Duration delay, Action action) { at(now_ + delay, std::move(action)); }
  /// `target` must live until then.
  void at(Time when, Target& target, std::uint64_t event);

  /// Runs the next event if it is due by `end`; otherwise moves time to `end`.
  bool run_next(Time end);
  /// Runs what is due by `end`, at most `limit` events, and moves time there. False when it stopped
  /// at the limit: whoever wants to show how far a run is calls it again and again.
  bool run_until(Time end, std::uint64_t limit = std::numeric_limits<std::uint64_t>::max()) {
    while (run_next(end)) {
      if (--limit == 0) return false;
    }
    return true;
  }
  /// Called from now on each time some thousand events more have been run, between two of them. It
  /// may throw: then the call that runs them does, and what is due stays due.
  void look_up_with(Action glance) { glance_ = std::move(glance); }
  std::uint64_t events_run() const { return events_run_; }
  std::size_t events_waiting() const { return calendar_.size(); }
  /// Of all events so far, when each was due and which it was: two runs with the same digest ran
  /// the same.
  std::uint64_t digest() const { return digest_; }

 private:
  void foresee() const;

  Time now_{};
  std::uint64_t last_number_ = 0;
  std::uint64_t events_run_ = 0;
  std::uint64_t at_this_instant_ = 0;
  std::uint64_t digest_ = 0;
  Calendar calendar_;
  Slab<Action> actions_;
  Action glance_;
};

}  // namespace phyllo::sim
