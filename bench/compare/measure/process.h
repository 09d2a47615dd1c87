#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <utility>

namespace phyllo::bench {

/// A copy of this process that does one thing and never outlives the object. Fork while there is
/// one thread only. One owner.
class Fork {
 public:
  /// Runs `work` in a process of its own, which ends when it returns or throws.
  explicit Fork(const std::function<void()>& work);
  Fork(Fork&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}
  Fork& operator=(Fork&&) = delete;
  /// Kills it.
  ~Fork();

  pid_t pid() const { return pid_; }
  bool running();
  void send(int signal) const;

 private:
  pid_t pid_;  ///< 0 when it is gone
};

/// Processor time that a process has taken since it began, with all its threads; 0 when unknown.
std::chrono::nanoseconds cpu_time(pid_t pid);
/// The most memory a process ever had resident, and what it has now, in bytes; 0 when unknown.
std::size_t peak_memory(pid_t pid);
std::size_t resident_memory(pid_t pid);

}  // namespace phyllo::bench
