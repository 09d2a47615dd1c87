#pragma once

#include <chrono>

namespace phyllo::cli {

/// Ctrl-C, SIGTERM and SIGHUP as something to wait for instead of something that interrupts. Make
/// it before any thread exists: threads started later inherit that the signals are held back. Also
/// makes writes to a closed pipe fail instead of ending the program. One per process; the thread
/// that made it asks.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Readable once a signal has come; for poll(2).
  int fd() const { return fd_; }
  /// True from the first signal on.
  bool stopped();
  /// True when a further signal came since the last call: the user is impatient.
  bool again();
  /// Waits up to `time` for a signal; true as `stopped()`.
  bool wait(std::chrono::milliseconds time);
  /// Waits up to `time` for a signal, also when one has come before.
  void pause(std::chrono::milliseconds time);

 private:
  bool take();

  int fd_;
  bool stopped_ = false;
};

}  // namespace phyllo::cli
