#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace phyllo::cli {

/// Bytes on their way from the threads that produce them to the one that writes them out. What
/// gathers while a write is under way goes out with the next one: few writes under load, none
/// delayed otherwise. Bounded: a producer waits while it is full. Thread-safe.
class OutputQueue {
 public:
  explicit OutputQueue(std::size_t limit);
  ~OutputQueue();
  OutputQueue(const OutputQueue&) = delete;
  OutputQueue& operator=(const OutputQueue&) = delete;

  /// Waits while `limit` bytes are queued. False once closed: the bytes were not taken.
  bool add(std::string_view bytes);
  /// Makes fd() readable, for news that are not bytes.
  void wake();
  /// Ends all waiting. What is queued can still be taken.
  void close();

  /// Readable from the first add, wake or close after a take until the next take; for poll(2).
  int fd() const { return fd_; }
  /// Everything queued, in order.
  std::string take();

 private:
  const std::size_t limit_;
  const int fd_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::string bytes_;
  bool closed_ = false;
};

}  // namespace phyllo::cli
