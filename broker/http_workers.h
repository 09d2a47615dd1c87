#pragma once

#include <httplib.h>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace phyllo::broker {

/// The threads that answer HTTP requests. The queue of waiting connections is bounded: when it is
/// full the accepting thread waits, and the system keeps further callers out. (The library's own
/// pool would pile up connections, each with a descriptor, for as long as somebody makes them.)
class HttpWorkers final : public httplib::TaskQueue {
 public:
  HttpWorkers(std::size_t threads, std::size_t waiting);

  void enqueue(std::function<void()> task) override;
  /// Ends the threads; what waits is answered first.
  void shutdown() override;

 private:
  void work();

  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace phyllo::broker
