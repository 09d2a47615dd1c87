#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "cli/sim/progress_text.h"

namespace phyllo::cli {

/// Shows on stderr how far a simulation is: on a terminal one line that is written anew, elsewhere
/// a line now and then.
class ProgressDisplay {
 public:
  enum class Mode { kShown, kQuiet };

  explicit ProgressDisplay(Mode mode);

  /// To be called often; shows something when it is time to.
  void show(const Standing& standing);
  /// A line that stays.
  void say(const std::string& line);
  /// Removes the line, and says what the run has cost.
  void finish(std::uint64_t events);

 private:
  using Clock = std::chrono::steady_clock;

  void clear();

  const Mode mode_;
  const bool terminal_;
  const Clock::time_point began_ = Clock::now();
  Clock::time_point next_;
  bool line_shown_ = false;
};

}  // namespace phyllo::cli
