#pragma once

#include <csignal>
#include <initializer_list>
#include <optional>

namespace phyllo::broker {

/// Takes signals as readable events instead of interruptions. Make it before any thread is started:
/// the signals are blocked for this thread and those it starts, and stay so.
class Signals {
 public:
  explicit Signals(std::initializer_list<int> signals);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  int fd() const { return fd_; }
  /// The next signal received, without waiting.
  std::optional<int> next();

 private:
  int fd_;
};

}  // namespace phyllo::broker
