#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "phyllo/connection_event.h"
#include "phyllo/status.h"
#include "sdk/src/clock.h"

namespace phyllo::internal {

/// Whether the client is connected, for programs to see. The reactor writes. Thread-safe.
class ConnectionState {
 public:
  void connected(BrokerInfo broker) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    broker_ = std::move(broker);
    status_ = Status();
    changed_.notify_all();
  }
  /// Says whom the first attempt is with, until something came of it.
  void trying(const std::string& endpoint) {
    const std::lock_guard lock(mutex_);
    if (closed_ || tried_) return;
    status_ = Status(StatusCode::kUnavailable, endpoint + ": no answer yet");
  }
  void disconnected(Status why) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    tried_ = true;
    broker_.reset();
    status_ = std::move(why);
  }
  /// For good.
  void closed(Status why) {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    broker_.reset();
    status_ = std::move(why);
    changed_.notify_all();
  }

  Status status() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }
  std::optional<BrokerInfo> broker() const {
    const std::lock_guard lock(mutex_);
    return broker_;
  }
  Status wait_connected(Instant deadline) {
    std::unique_lock lock(mutex_);
    const auto settled = [&] { return closed_ || status_.ok(); };
    if (deadline == kNoDeadline) {
      changed_.wait(lock, settled);
    } else if (!changed_.wait_until(lock, deadline, settled)) {
      return {StatusCode::kTimeout, "no connection in time: " + status_.message()};
    }
    return status_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;
  bool tried_ = false;  ///< an attempt has ended
  Status status_{StatusCode::kUnavailable, "not connected yet"};
  std::optional<BrokerInfo> broker_;
};

}  // namespace phyllo::internal
