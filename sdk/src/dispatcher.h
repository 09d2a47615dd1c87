#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "sdk/src/clock.h"
#include "sdk/src/waker.h"

namespace phyllo::internal {

/// Something that has callbacks to run. At most one thread is in `run` of one object at a time.
class Work {
 public:
  virtual ~Work() = default;
  /// Runs a bounded part; true: there is more, come again after the others. Does not throw.
  virtual bool run() noexcept = 0;
};

/// The threads of a client: one more than may be in callbacks at once. Who is in none serves the
/// client's connections, and runs itself what becomes ready there: so a message wakes no second
/// thread on its way, and there is always one left that serves (leader and followers).
///
/// Takes turns over everything that is ready, so that no subscription can keep the others from
/// their turn for longer than one callback. Thread-safe.
class Dispatcher : public std::enable_shared_from_this<Dispatcher> {
 public:
  /// Waits for something to do for the connections and does a bounded part; true: there is more.
  /// Wakes up when `waker` wakes, runs no code of the program and does not throw.
  using Service = std::function<bool()>;

  explicit Dispatcher(std::shared_ptr<Waker> waker) : waker_(std::move(waker)) {}

  /// `callbacks`: how many may run at once. Throws std::system_error when a thread cannot be made.
  void start(std::size_t callbacks, const Service& service);
  /// `work` became ready. The caller sees to it that it is posted once until `run` returned false.
  void post(std::shared_ptr<Work> work);

  /// Whether the call comes from a callback.
  bool runs_this_thread();

  /// Starts no further `run` and waits for those under way, but not beyond `deadline` and not for
  /// the one this call comes from; their threads end by themselves. False: some did not end in
  /// time.
  bool stop(Instant deadline);

 private:
  using Lock = std::unique_lock<std::mutex>;
  struct Worker {
    std::thread thread;
    bool done = false;
  };
  void serve(std::size_t index, const Service& service);
  void run(std::shared_ptr<Work> work);
  bool may_run() const { return !ready_.empty() && running_ < callbacks_; }

  const std::shared_ptr<Waker> waker_;
  std::mutex mutex_;
  std::condition_variable worker_done_;
  std::deque<std::shared_ptr<Work>> ready_;
  std::vector<Worker> workers_;
  std::size_t callbacks_ = 0;
  std::size_t running_ = 0;
  bool stopping_ = false;
};

}  // namespace phyllo::internal
