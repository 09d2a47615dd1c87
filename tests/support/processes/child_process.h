#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace phyllo::test {

/// How a process ended.
struct ProcessEnd {
  int status = 0;  ///< exit status, when it ended by itself
  int signal = 0;  ///< what killed it, or 0
};

/// A program started by a test. It never outlives this object, nor the test that crashes.
class ChildProcess {
 public:
  /// Starts `command`, with standard output and error appended to `output`.
  ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& output);
  /// Kills it.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  /// Sends a signal; does nothing once it has ended.
  void signal(int number);
  bool running() { return !end(); }
  /// How it ended, or nullopt while it runs.
  std::optional<ProcessEnd> end();
  /// The same, after waiting for it.
  std::optional<ProcessEnd> wait(std::chrono::milliseconds patience);

 private:
  pid_t pid_;
  std::optional<ProcessEnd> end_;
};

/// Asks `condition` again and again until it holds (true) or `patience` is over (false). Real
/// processes tell nobody when they change; this is the one place that sleeps for them.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds patience = std::chrono::seconds(20));

/// A moment between two looks.
void doze();

template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    doze();
  }
  return true;
}

}  // namespace phyllo::test
