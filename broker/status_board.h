#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "broker/client_gateway.h"
#include "broker/core/border_meter.h"
#include "broker/core/broker_stats.h"
#include "overlay/transport/traffic.h"
#include "overlay/transport/transport_stats.h"

namespace phyllo::broker {

/// What the outside may know of a broker, as of one moment.
struct Status {
  std::chrono::steady_clock::time_point taken;
  std::string node;
  std::string region;
  std::string cluster;
  std::string state_reason;  ///< of the last change of state; may be empty
  BrokerStats broker;
  overlay::transport::TransportStats transport;
  std::map<std::string, overlay::transport::Traffic> regions;  ///< traffic with each of them
  std::vector<BorderStats> borders;  ///< as the broker counts what it exchanges with them
  ClientGateway::Stats gateway;
  std::uint64_t log_lines_lost = 0;
};

/// Where the event loop's thread leaves the latest Status for other threads. Thread-safe.
class StatusBoard {
 public:
  void post(Status status) {
    auto next = std::make_shared<const Status>(std::move(status));
    const std::lock_guard lock(mutex_);
    latest_.swap(next);
  }
  /// nullptr before the first post.
  std::shared_ptr<const Status> latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Status> latest_;
};

}  // namespace phyllo::broker
