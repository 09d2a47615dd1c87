#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/demo/broker_settings.h"
#include "cli/demo/demo_monitor.h"
#include "phyllo/client.h"

namespace phyllo::cli {

/// The programs of a demo: one connected to each broker. The first one publishes, all subscribe.
/// The waiting calls give up when `given_up` says so; they ask often.
class Stations {
 public:
  using GivenUp = std::function<bool()>;

  explicit Stations(const std::vector<BrokerSettings>& brokers);

  /// Waits until every broker is active and knows all the others.
  Status await_ring(std::chrono::milliseconds patience, const GivenUp& given_up);
  /// Subscribes at every broker; `monitor`, which outlives this object, sees what arrives.
  Status subscribe(const std::vector<std::string>& topics, DemoMonitor& monitor,
                   std::chrono::milliseconds patience, const GivenUp& given_up);
  /// Publishes one message and waits until it was received at every broker. The id under which the
  /// others see the publishing client.
  StatusOr<std::uint64_t> rehearse(std::chrono::milliseconds patience, const GivenUp& given_up);

  /// What each broker says of its borders; those that do not answer are left out.
  std::vector<BordersInfo> borders(std::chrono::milliseconds patience);

  Client& publishing() { return stations_.front()->client; }
  std::size_t subscriptions() const;
  /// Ends all subscriptions and connections. Questions that wait for an answer end too.
  void close();

 private:
  struct Station {
    std::string name;
    std::string region;
    Client client;
    std::vector<Subscription> subscriptions;
  };

  std::vector<std::unique_ptr<Station>> stations_;
};

}  // namespace phyllo::cli
