#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace phyllo::cli {

/// How a process ended: its exit status, or the signal that killed it.
struct ProcessEnd {
  int status = 0;
  int signal = 0;

  bool clean() const { return status == 0 && signal == 0; }
  /// E.g. "exited 1" or "was killed by signal 9".
  std::string text() const;
};

/// A program that this one started and that never outlives it: the kernel kills it when the thread
/// that started it ends, and the destructor kills and reaps it. It has its own process group, so
/// that Ctrl-C at the terminal reaches only us. One owner; call from one thread.
class ChildProcess {
 public:
  /// Runs `command` (program first, a path) with no input and both outputs appended to `log`; an
  /// error message when that is not possible.
  static std::variant<ChildProcess, std::string> start(const std::vector<std::string>& command,
                                                       const std::filesystem::path& log);

  ChildProcess(ChildProcess&& other) noexcept
      : pid_(std::exchange(other.pid_, 0)), end_(other.end_) {}
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  /// How it ended, once it has. Reaps it; does not wait.
  std::optional<ProcessEnd> end();
  /// Nothing happens to a process that has ended.
  void send(int signal);
  pid_t pid() const { return pid_; }

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}

  pid_t pid_;  ///< 0 when moved from
  std::optional<ProcessEnd> end_;
};

}  // namespace phyllo::cli
