#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "bench/compare/measure/programs.h"
#include "bench/compare/workload/content.h"

namespace phyllo::bench {
namespace {

/// One publisher with its topics in turn.
class Turns {
 public:
  Turns(const Stage& stage, std::size_t index)
      : stage_(stage),
        slot_(stage.board.publishers()[index]),
        content_(stage.workload.payload),
        publisher_(stage.cluster.publisher(index)) {
    for (std::size_t t = index; t < stage.workload.topics; t += stage.workload.publishers) {
      topics_.push_back(static_cast<std::uint32_t>(t));
    }
  }

  void warm_up() {
    while (stage_.board.phase() == Phase::kWarmUp) {
      for (const std::uint32_t topic : topics_) {
        if (stage_.board.phase() != Phase::kWarmUp) return;
        publisher_->publish(topic, content_.make({topic, kWarmUp, 0}));
      }
      publisher_->pause();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

  void as_fast_as_it_goes() {
    const std::int64_t end = now_ns() + stage_.duration.count();
    while (now_ns() < end) publish_next(0);
  }

  /// Publishes at planned times, however late it is with the ones before.
  void paced() {
    const double per_publisher =
        stage_.workload.rate / static_cast<double>(stage_.workload.publishers);
    const std::int64_t start = now_ns();
    for (std::int64_t i = 0;; ++i) {
      const std::int64_t due =
          start + static_cast<std::int64_t>(static_cast<double>(i) * 1e9 / per_publisher);
      if (due >= start + stage_.duration.count()) return;
      if (now_ns() < due) {
        publisher_->pause();
        sleep_until(due);
      }
      publish_next(due);
      slot_.lateness.add(std::chrono::nanoseconds(now_ns() - due));
    }
  }

  void finish() {
    publisher_->finish();
    slot_.finished.store(true, std::memory_order_release);
  }

 private:
  void publish_next(std::int64_t planned) {
    const std::uint32_t topic = topics_[published_ % topics_.size()];
    const auto number = static_cast<std::uint32_t>(published_ / topics_.size());
    publisher_->publish(topic, content_.make({topic, number, planned}));
    slot_.published.store(++published_, std::memory_order_relaxed);
  }

  static void sleep_until(std::int64_t when) {
    const timespec time{when / 1'000'000'000, when % 1'000'000'000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
  }

  const Stage& stage_;
  PublisherSlot& slot_;
  Content content_;
  std::unique_ptr<Publisher> publisher_;
  std::vector<std::uint32_t> topics_;
  std::uint64_t published_ = 0;
};

void publish(const Stage& stage, std::size_t index) {
  prctl(PR_SET_TIMERSLACK, 1);  // planned times are kept to the microsecond
  try {
    Turns turns(stage, index);
    stage.board.publishers()[index].ready = true;
    stage.board.wait_for(Phase::kWarmUp);
    turns.warm_up();
    stage.board.wait_for(Phase::kRun);
    if (stage.workload.paced()) {
      turns.paced();
    } else {
      turns.as_fast_as_it_goes();
    }
    turns.finish();
    while (true) pause();
  } catch (const std::exception& error) {
    stage.board.fail(error.what());
    throw;
  }
}

}  // namespace

std::vector<Fork> start_publishers(const Stage& stage) {
  std::vector<Fork> processes;
  for (std::size_t i = 0; i < stage.workload.publishers; ++i) {
    processes.emplace_back([&] { publish(stage, i); });
  }
  return processes;
}

}  // namespace phyllo::bench
