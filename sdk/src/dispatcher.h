#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "sdk/src/clock.h"

namespace phyllo::internal {

/// Something that has callbacks to run. At most one thread is in `run` of one object at a time.
class Work {
 public:
  virtual ~Work() = default;
  /// Runs a bounded part; true: there is more, come again after the others. Does not throw.
  virtual bool run() noexcept = 0;
};

/// The threads that run a client's callbacks: takes turns over everything that is ready, so that no
/// subscription can keep the others from their turn for longer than one callback. Thread-safe.
class Dispatcher : public std::enable_shared_from_this<Dispatcher> {
 public:
  void start(std::size_t threads);
  /// `work` became ready. The caller sees to it that it is posted once until `run` returned false.
  void post(std::shared_ptr<Work> work);

  /// Whether the call comes from a callback.
  bool runs_this_thread();

  /// Starts no further `run` and waits for those under way, but not beyond `deadline` and not for
  /// the one this call comes from; their threads end by themselves. False: some did not end in
  /// time.
  bool stop(Instant deadline);

 private:
  struct Worker {
    std::thread thread;
    bool done = false;
  };
  void serve(std::size_t index);

  std::mutex mutex_;
  std::condition_variable ready_changed_;
  std::condition_variable worker_done_;
  std::deque<std::shared_ptr<Work>> ready_;
  std::vector<Worker> workers_;
  bool stopping_ = false;
};

}  // namespace phyllo::internal
