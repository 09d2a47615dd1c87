#include "sdk/src/dispatcher.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace phyllo::internal {
namespace {

/// Whose connections this thread serves now: it looks by itself for what becomes ready there.
thread_local const Dispatcher* serving = nullptr;

}  // namespace

void Dispatcher::start(std::size_t callbacks, const Service& service) {
  Lock lock(mutex_);
  callbacks_ = callbacks;
  workers_.resize(callbacks + 1);
  try {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      // Each thread keeps this object alive: a callback may outlive the client.
      workers_[i].thread =
          std::thread([self = shared_from_this(), service, i] { self->serve(i, service); });
    }
  } catch (const std::system_error&) {
    lock.unlock();
    stop(kNoDeadline);
    throw;
  }
}

void Dispatcher::post(std::shared_ptr<Work> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    ready_.push_back(std::move(work));
    // Whoever returns from a callback takes it.
    if (!may_run()) return;
  }
  if (serving != this) waker_->wake();
}

void Dispatcher::serve(std::size_t index, const Service& service) {
  Lock lock(mutex_);
  bool more = false;  // to do for the connections
  while (!stopping_) {
    if (may_run()) {
      const bool another = ready_.size() > 1 && running_ + 1 < callbacks_;
      std::shared_ptr<Work> next = std::move(ready_.front());
      ready_.pop_front();
      ++running_;
      lock.unlock();
      if (std::exchange(more, false) || another) waker_->wake();
      run(std::move(next));
      lock.lock();
      --running_;
    } else {
      lock.unlock();
      serving = this;
      more = service();
      serving = nullptr;
      lock.lock();
    }
  }
  workers_[index].done = true;
  worker_done_.notify_all();
  lock.unlock();
  // Each one wakes the next.
  waker_->woken();
  waker_->wake();
}

/// Its end may destroy what a program captured: never under the lock.
void Dispatcher::run(std::shared_ptr<Work> work) {
  if (!work->run()) return;
  const std::lock_guard lock(mutex_);
  if (!stopping_) ready_.push_back(std::move(work));
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
  waker_->wake();
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
