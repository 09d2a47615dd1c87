#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cli/demo/delivery_ledger.h"
#include "cli/demo/live_table.h"
#include "cli/pace.h"
#include "phyllo/gap.h"
#include "phyllo/message.h"

namespace phyllo::cli {

/// Sees everything that a demo's subscribers receive and what its publisher publishes, and turns it
/// into snapshots. Thread-safe: subscribers report from their clients' callback threads.
class DemoMonitor {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// One subscriber for each element: the region of the broker it is connected to.
  explicit DemoMonitor(std::vector<std::string> regions);

  /// Every subscriber has subscribed to `topic`.
  void add_topic(const std::string& topic);
  void received(std::size_t subscriber, const Message& message);
  void lost(const std::string& region, const Gap& gap);
  /// The demo has published messages 1 to `last` of `topic`.
  void published(const std::string& topic, std::uint64_t publisher, std::uint64_t last);

  /// Regions by name, topics in the order they were added; rates over the last seconds.
  DemoSnapshot snapshot(Moment now);
  DeliveryLedger::Counts total() const;
  std::uint64_t outstanding() const;
  std::uint64_t gaps() const;

 private:
  mutable std::mutex mutex_;
  const std::vector<std::string> regions_;
  DeliveryLedger ledger_;
  std::vector<std::string> topics_;
  std::map<std::string, std::string> latest_;  ///< by topic
  std::map<std::string, std::uint64_t> gaps_by_region_;
  std::map<std::string, Pace> paces_;  ///< by "region NAME" or "topic NAME"
};

}  // namespace phyllo::cli
