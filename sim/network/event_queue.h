#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/network/slab.h"

namespace phyllo::sim {

/// Virtual time: what is to happen, in order of time, and of entry where the time is the same. A
/// run depends on nothing else.
class EventQueue {
 public:
  using Action = std::function<void()>;

  /// Somebody with events of many kinds and many times, who numbers them himself: such an event
  /// takes no memory of its own.
  class Target {
   public:
    virtual void due(std::uint64_t event) = 0;

   protected:
    ~Target() = default;
  };

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
  std::size_t events_waiting() const { return heap_.size(); }
  /// Of all events so far, when each was due and which it was: two runs with the same digest ran
  /// the same.
  std::uint64_t digest() const { return digest_; }

 private:
  struct Event {
    Time when;
    std::uint64_t number;  // of entry
    Target* target;        // nullptr: one of `actions_`
    std::uint64_t event;

    bool before(const Event& other) const {
      return when != other.when ? when < other.when : number < other.number;
    }
  };

  void push(Event event);
  Event pop();

  Time now_{};
  std::uint64_t last_number_ = 0;
  std::uint64_t events_run_ = 0;
  std::uint64_t at_this_instant_ = 0;
  std::uint64_t digest_ = 0;
  std::vector<Event> heap_;  // each before its four children
  Slab<Action> actions_;
  Action glance_;
};

}  // namespace phyllo::sim
