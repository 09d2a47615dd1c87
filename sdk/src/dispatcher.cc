#include "sdk/src/dispatcher.h"

#include <algorithm>
#include <utility>

namespace phyllo::internal {

void Dispatcher::start(std::size_t threads) {
  const std::lock_guard lock(mutex_);
  workers_.resize(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    // Each thread keeps this object alive: a callback may outlive the client.
    workers_[i].thread = std::thread([self = shared_from_this(), i] { self->serve(i); });
  }
}

void Dispatcher::post(std::shared_ptr<Work> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    ready_.push_back(std::move(work));
  }
  ready_changed_.notify_one();
}

void Dispatcher::serve(std::size_t index) {
  std::unique_lock lock(mutex_);
  while (true) {
    ready_changed_.wait(lock, [&] { return stopping_ || !ready_.empty(); });
    if (stopping_) break;
    std::shared_ptr<Work> work = std::move(ready_.front());
    ready_.pop_front();
    lock.unlock();
    const bool more = work->run();
    if (!more) work.reset();  // may destroy what a program captured: never under the lock
    lock.lock();
    if (more && !stopping_) ready_.push_back(std::move(work));
    if (work) {
      lock.unlock();
      work.reset();
      lock.lock();
    }
  }
  workers_[index].done = true;
  worker_done_.notify_all();
}

bool Dispatcher::runs_this_thread() {
  const std::lock_guard lock(mutex_);
  const auto self = std::this_thread::get_id();
  return std::any_of(workers_.begin(), workers_.end(),
                     [&](const Worker& worker) { return worker.thread.get_id() == self; });
}

bool Dispatcher::stop(Instant deadline) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  ready_changed_.notify_all();
  const auto self = std::this_thread::get_id();
  const auto all_done = [&] {
    return std::all_of(workers_.begin(), workers_.end(), [&](const Worker& worker) {
      return worker.done || !worker.thread.joinable() || worker.thread.get_id() == self;
    });
  };
  const bool ended = deadline == kNoDeadline ? (worker_done_.wait(lock, all_done), true)
                                             : worker_done_.wait_until(lock, deadline, all_done);
  std::vector<std::thread> finished;
  for (Worker& worker : workers_) {
    if (!worker.thread.joinable()) continue;
    if (worker.done && worker.thread.get_id() != self) {
      finished.push_back(std::move(worker.thread));
    } else {
      worker.thread.detach();
    }
  }
  std::deque<std::shared_ptr<Work>> left = std::exchange(ready_, {});
  lock.unlock();
  for (std::thread& thread : finished) thread.join();
  return ended;
}

}  // namespace phyllo::internal
