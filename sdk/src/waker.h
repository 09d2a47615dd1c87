#pragma once

#include <atomic>

namespace phyllo::internal {

/// Wakes the I/O thread out of its poll. Any thread may call wake(); many calls before the I/O
/// thread looks cost one system call. Owns an eventfd.
class Waker {
 public:
  /// Throws std::system_error when the process has no file descriptor left.
  Waker();
  ~Waker();
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  void wake();
  /// I/O thread: call when fd() is readable and before looking for work: then no wake() is missed.
  void clear();
  /// Readable when woken.
  int fd() const { return fd_; }

 private:
  int fd_;
  std::atomic<bool> woken_{false};
};

}  // namespace phyllo::internal
