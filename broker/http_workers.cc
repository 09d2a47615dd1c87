#include "broker/http_workers.h"

#include <utility>

namespace phyllo::broker {

HttpWorkers::HttpWorkers(std::size_t threads, std::size_t waiting) : limit_(waiting) {
  while (threads_.size() < threads) threads_.emplace_back([this] { work(); });
}

void HttpWorkers::enqueue(std::function<void()> task) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return tasks_.size() < limit_ || stopping_; });
    tasks_.push_back(std::move(task));
  }
  changed_.notify_all();
}

void HttpWorkers::shutdown() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void HttpWorkers::work() {
  while (true) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !tasks_.empty() || stopping_; });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    changed_.notify_all();
    task();
  }
}

}  // namespace phyllo::broker
