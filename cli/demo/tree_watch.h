#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "phyllo/client.h"

namespace phyllo::cli {

/// Looks at one topic's tree once a second, on a thread of its own so that nothing waits for the
/// brokers' answers. `client` outlives it. Thread-safe.
class TreeWatch {
 public:
  TreeWatch(Client& client, std::string topic);
  ~TreeWatch();
  TreeWatch(const TreeWatch&) = delete;
  TreeWatch& operator=(const TreeWatch&) = delete;

  /// As it was at the last answer.
  std::optional<TreeInfo> latest() const;

 private:
  void watch();

  Client& client_;
  const std::string topic_;
  mutable std::mutex mutex_;
  std::condition_variable end_;
  bool ending_ = false;
  std::optional<TreeInfo> latest_;
  std::thread thread_;
};

}  // namespace phyllo::cli
