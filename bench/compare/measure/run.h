#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "bench/compare/system/system.h"
#include "bench/compare/workload/workload.h"

namespace phyllo::bench {

/// What one system did with one workload, once.
struct Outcome {
  std::string failure;  ///< empty: it ran; otherwise why it did not, and the rest means nothing
  double deliveries_per_second = 0;  ///< until the last message had arrived
  double cpu_us_per_delivery = 0;    ///< of all processes together
  double publishes_per_second = 0;   ///< while the publishers were publishing
  double p50_us = 0;                 ///< latencies from the planned time; paced workloads only
  double p99_us = 0;
  double p999_us = 0;
  double publish_p99_us = 0;  ///< from the planned time until publish returned
  double peak_memory = 0;     ///< bytes: sum of what each process had at most
  std::uint64_t expected = 0;
  std::uint64_t delivered = 0;
  std::uint64_t disordered = 0;
  std::uint64_t damaged = 0;
  std::uint64_t told_lost = 0;        ///< subscribers were told that so many will not come
  double bytes_per_subscription = 0;  ///< of servers' memory, and how fast they were made;
  double bytes_per_client = 0;        ///< idle workloads only
  double subscriptions_per_second = 0;
  double unsubscriptions_per_second = 0;  ///< 0 where servers do not answer

  std::uint64_t lost() const { return expected - delivered; }
  /// Lost without a word to the subscriber.
  std::uint64_t silently_lost() const { return lost() - std::min(told_lost, lost()); }
};

/// Starts the system's servers, all programs in processes of their own, and publishes for
/// `duration`. Nothing is left running. Call while there is one thread only.
Outcome run_once(const System& system, const Workload& workload, std::chrono::milliseconds duration,
                 const std::filesystem::path& folder);

}  // namespace phyllo::bench
