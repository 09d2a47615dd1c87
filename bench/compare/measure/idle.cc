#include "bench/compare/measure/idle.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "bench/compare/measure/interruption.h"
#include "bench/compare/measure/programs.h"

namespace phyllo::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 120s;
/// Servers get this long to put everything where it stays.
constexpr auto kSettle = 1s;

double resident(const Cluster& cluster) {
  double sum = 0;
  for (const pid_t pid : cluster.processes()) sum += static_cast<double>(resident_memory(pid));
  return sum;
}

/// Seconds until all have done something.
double time_until_all(std::atomic<bool> SubscriberSlot::*done, Board& board,
                      std::vector<Fork>& processes) {
  const std::int64_t start = now_ns();
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!std::ranges::all_of(board.subscribers(), done)) {
    check_interruption();
    if (const std::string why = board.failure(); !why.empty()) throw std::runtime_error(why);
    if (!std::ranges::all_of(processes, &Fork::running) ||
        std::chrono::steady_clock::now() > until) {
      throw std::runtime_error("not all could subscribe or unsubscribe");
    }
    std::this_thread::sleep_for(1ms);
  }
  return static_cast<double>(now_ns() - start) / 1e9;
}

}  // namespace

Outcome measure_idle(const Cluster& cluster, const Workload& workload) {
  Board board(workload.publishers, workload.subscribers);
  const Stage stage{cluster, workload, board, {}};
  const double before = resident(cluster);
  std::vector<Fork> subscribing = start_subscribers(stage);
  const double seconds = time_until_all(&SubscriberSlot::ready, board, subscribing);
  std::this_thread::sleep_for(kSettle);
  const double grown = resident(cluster) - before;
  const auto clients = static_cast<double>(workload.subscribers);
  const double subscriptions = clients * static_cast<double>(workload.topics);
  Outcome outcome;
  if (workload.topics > 1) {
    outcome.bytes_per_subscription = grown / subscriptions;
    outcome.subscriptions_per_second = subscriptions / seconds;
    board.go_on_to(Phase::kFinish);
    const double leaving = time_until_all(&SubscriberSlot::left, board, subscribing);
    const bool answered = std::ranges::none_of(board.subscribers(), &SubscriberSlot::unanswered);
    if (answered) outcome.unsubscriptions_per_second = subscriptions / leaving;
  } else {
    outcome.bytes_per_client = grown / clients;
  }
  return outcome;
}

}  // namespace phyllo::bench
