#pragma once

#include <atomic>
#include <mutex>

#include "sdk/src/clock.h"

namespace phyllo::internal {

/// Wakes one of the threads that wait, now or at a time. Any thread may call everything; many calls
/// before somebody looks cost one system call. Owns an eventfd and a timerfd, which are never read:
/// they are to be watched for edges.
class Waker {
 public:
  /// Throws std::system_error when the process has no file descriptor left.
  Waker();
  ~Waker();
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  void wake();
  /// At `when`, or before; kNoDeadline: nothing to do.
  void wake_by(Instant when);

  /// By who was woken, and before it looks for work: then no call is missed.
  void woken() { woken_.store(false); }
  void rung();

  int wake_fd() const { return wake_fd_; }
  int alarm_fd() const { return alarm_fd_; }

 private:
  const int wake_fd_;
  const int alarm_fd_;
  std::atomic<bool> woken_{false};
  std::mutex mutex_;
  Instant alarm_ = kNoDeadline;  ///< under the lock
};

}  // namespace phyllo::internal
