#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cli/demo/stations.h"
#include "cli/regions/border_matrix.h"
#include "cli/regions/border_rates.h"
#include "phyllo/tree_info.h"

namespace phyllo::cli {

/// Looks once a second at one topic's trees and at what crosses borders between regions, on a
/// thread of its own so that nothing waits for the brokers' answers. Thread-safe.
class ClusterWatch {
 public:
  /// Each as it was at the last answer; without a table of regions no border is in `borders`.
  struct View {
    std::optional<TreeInfo> tree;
    BorderMatrix borders;
  };
  using GivenUp = std::function<bool()>;

  /// `stations` outlives it. They may be closed before: then it sees nothing new.
  ClusterWatch(Stations& stations, std::string topic);
  ~ClusterWatch();
  ClusterWatch(const ClusterWatch&) = delete;
  ClusterWatch& operator=(const ClusterWatch&) = delete;

  View latest() const;
  /// The next look that begins now; the latest one when `given_up` says so or a broker is silent
  /// for long.
  View fresh(const GivenUp& given_up);

 private:
  void watch();
  View look(View last);

  Stations& stations_;
  const std::string topic_;
  BorderRates rates_;  ///< of the thread
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::uint64_t begun_ = 0;   ///< looks
  std::uint64_t ended_ = 0;   ///< the number of the last one that ended
  std::uint64_t wanted_ = 0;  ///< a look with this number is to begin at once
  View latest_;
  std::thread thread_;
};

}  // namespace phyllo::cli
