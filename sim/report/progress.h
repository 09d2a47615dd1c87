#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace phyllo::sim {

/// Told how far an experiment is; called now and then from the thread that runs it, and from
/// several at once where seeds run in parallel. Whoever shows it adds the real time.
class Progress {
 public:
  struct Advance {
    std::string_view phase;  ///< e.g. "joining, seed 3 of 10"
    double done = 0;         ///< part of the whole experiment, 0 … 1
    Time virtual_time{};
    std::uint64_t events = 0;  ///< run since the experiment began
  };

  virtual ~Progress() = default;
  virtual void update(const Advance& advance) = 0;
  /// True once the user has had enough: the experiment leaves out what it has not done yet and
  /// reports what it has, with a note. Asked between seeds and now and then within one.
  virtual bool stop_wanted() const { return false; }
};

}  // namespace phyllo::sim
