#include "bench/compare/measure/run.h"

#include <signal.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <thread>

#include "bench/compare/measure/idle.h"
#include "bench/compare/measure/interruption.h"
#include "bench/compare/measure/programs.h"

namespace phyllo::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLook = 5ms;
constexpr auto kSetupPatience = 60s;
/// What has not arrived when nothing arrived for so long, or so long after the last was published,
/// is not waited for.
constexpr auto kSilence = 2s;
constexpr auto kDrain = 15s;
constexpr auto kStopAfter = 1s;
constexpr auto kStopFor = 5s;

/// One run from its start to its end.
class Run {
 public:
  Run(const Cluster& cluster, const Workload& workload, std::chrono::milliseconds duration)
      : workload_(workload),
        servers_(cluster.processes()),
        board_(workload.publishers, workload.subscribers),
        duration_(duration + std::chrono::seconds(workload.extra_time)),
        stage_{cluster, workload, board_, duration_},
        subscribing_(start_subscribers(stage_)),
        publishing_(start_publishers(stage_)) {}

  Outcome measure() {
    warm_up();
    const std::chrono::nanoseconds cpu_before = cpu();
    start_ = now_ns();
    board_.go_on_to(Phase::kRun);
    stop_one_for_a_while();
    wait([&] { return std::ranges::all_of(board_.publishers(), &PublisherSlot::finished); },
         duration_ + kSetupPatience);
    const std::int64_t published_at = now_ns();
    board_.go_on_to(Phase::kFinish);
    wait_for_the_last();
    return outcome(cpu() - cpu_before, published_at);
  }

 private:
  void warm_up() {
    wait([&] { return all_ready(board_.subscribers()); }, kSetupPatience);
    wait([&] { return all_ready(board_.publishers()); }, kSetupPatience);
    board_.go_on_to(Phase::kWarmUp);
    const auto heard_all = [&](const SubscriberSlot& slot) {
      return slot.topics_heard == workload_.topics;
    };
    wait([&] { return std::ranges::all_of(board_.subscribers(), heard_all); }, kSetupPatience);
    board_.go_on_to(Phase::kRest);
    rest(300ms);
  }

  template <class Slots>
  static bool all_ready(const Slots& slots) {
    return std::ranges::all_of(slots, [](const auto& slot) { return slot.ready.load(); });
  }

  void stop_one_for_a_while() {
    if (workload_.trouble != Trouble::kStoppedSubscriber) return;
    rest(kStopAfter);
    subscribing_.front().send(SIGSTOP);
    rest(kStopFor);
    subscribing_.front().send(SIGCONT);
  }

  void rest(std::chrono::nanoseconds time) {
    for (const auto end = Clock::now() + time; Clock::now() < end;) {
      check();
      std::this_thread::sleep_for(kLook);
    }
  }

  void wait(const std::function<bool()>& condition, std::chrono::nanoseconds patience) {
    const auto until = Clock::now() + patience;
    while (!condition()) {
      check();
      if (Clock::now() > until) throw std::runtime_error("does not get on");
      std::this_thread::sleep_for(kLook);
    }
    check();
  }

  void check() {
    check_interruption();
    if (const std::string why = board_.failure(); !why.empty()) throw std::runtime_error(why);
    for (auto* processes : {&subscribing_, &publishing_}) {
      for (Fork& process : *processes) {
        if (!process.running()) throw std::runtime_error("a program has ended");
      }
    }
    for (const pid_t server : servers_) {
      if (kill(server, 0) != 0) throw std::runtime_error("a server has ended");
    }
  }

  void wait_for_the_last() {
    std::uint64_t before = 0;
    const auto end = Clock::now() + kDrain;
    auto since = Clock::now();
    while (delivered() < expected() && Clock::now() - since < kSilence && Clock::now() < end) {
      check();
      std::this_thread::sleep_for(kLook);
      if (const std::uint64_t now = delivered(); now != before) {
        before = now;
        since = Clock::now();
      }
    }
  }

  std::uint64_t delivered() {
    std::uint64_t sum = 0;
    for (const SubscriberSlot& slot : board_.subscribers()) sum += slot.delivered;
    return sum;
  }
  std::uint64_t published() {
    std::uint64_t sum = 0;
    for (const PublisherSlot& slot : board_.publishers()) sum += slot.published;
    return sum;
  }
  std::uint64_t expected() { return published() * workload_.subscribers; }

  std::vector<pid_t> processes() const {
    std::vector<pid_t> pids = servers_;
    for (const auto* some : {&subscribing_, &publishing_}) {
      for (const Fork& process : *some) pids.push_back(process.pid());
    }
    return pids;
  }
  std::chrono::nanoseconds cpu() const {
    std::chrono::nanoseconds sum{};
    for (const pid_t pid : processes()) sum += cpu_time(pid);
    return sum;
  }

  Outcome outcome(std::chrono::nanoseconds cpu, std::int64_t published_at) {
    Outcome result;
    std::int64_t last = start_ + 1;
    Latency latency;
    for (const SubscriberSlot& slot : board_.subscribers()) {
      result.delivered += slot.delivered;
      result.disordered += slot.disordered;
      result.damaged += slot.damaged;
      result.told_lost += slot.told_lost;
      last = std::max(last, slot.last_at.load());
      const bool stopped = &slot == &board_.subscribers().front() &&
                           workload_.trouble == Trouble::kStoppedSubscriber;
      if (!stopped) latency.add(slot.latency);
    }
    Latency lateness;
    for (const PublisherSlot& slot : board_.publishers()) lateness.add(slot.lateness);
    result.expected = expected();
    const auto delivered = static_cast<double>(std::max<std::uint64_t>(result.delivered, 1));
    result.deliveries_per_second = delivered * 1e9 / static_cast<double>(last - start_);
    result.publishes_per_second =
        static_cast<double>(published()) * 1e9 / static_cast<double>(published_at - start_);
    result.cpu_us_per_delivery = static_cast<double>(cpu.count()) / 1000 / delivered;
    result.p50_us = latency.quantile(0.5);
    result.p99_us = latency.quantile(0.99);
    result.p999_us = latency.quantile(0.999);
    result.publish_p99_us = lateness.quantile(0.99);
    for (const pid_t pid : processes()) result.peak_memory += static_cast<double>(peak_memory(pid));
    return result;
  }

  const Workload& workload_;
  std::vector<pid_t> servers_;
  Board board_;
  std::chrono::nanoseconds duration_;
  Stage stage_;
  std::vector<Fork> subscribing_;
  std::vector<Fork> publishing_;
  std::int64_t start_ = 0;
};

}  // namespace

Outcome run_once(const System& system, const Workload& workload, std::chrono::milliseconds duration,
                 const std::filesystem::path& folder) {
  try {
    std::filesystem::create_directories(folder);
    const std::unique_ptr<Cluster> cluster = system.start(workload, folder);
    if (workload.idle()) return measure_idle(*cluster, workload);
    return Run(*cluster, workload, duration).measure();
  } catch (const std::exception& error) {
    Outcome failed;
    failed.failure = error.what();
    return failed;
  }
}

}  // namespace phyllo::bench
