#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/demo/broker_settings.h"
#include "cli/demo/child_process.h"
#include "cli/stop_signals.h"
#include "phyllo/status.h"

namespace phyllo::cli {

/// Where the parts of a fleet are.
struct FleetPlaces {
  std::filesystem::path phyllod;
  std::filesystem::path configs;  ///< see broker_files
  std::filesystem::path logs;     ///< BROKER.log each
};

/// Several `phyllod` processes on this host, which never outlive this object. Call from one thread,
/// the one that made it, and start it before there are others.
class BrokerFleet {
 public:
  explicit BrokerFleet(FleetPlaces places) : places_(std::move(places)) {}

  /// Reads all configurations, makes sure that their ports are free, and starts the brokers. When
  /// something is wrong nothing keeps running, and the message names the file or the port.
  Status start();
  const std::vector<BrokerSettings>& brokers() const { return brokers_; }

  /// Names a broker that has ended although nobody stopped it, and how.
  std::optional<std::string> fallen();
  /// Asks all to drain and waits until they have, at most `patience` (or a further Ctrl-C); then
  /// kills. Ok when every one exited with 0.
  Status stop(std::chrono::milliseconds patience, StopSignals& signals);

 private:
  Status read_settings();
  StatusOr<BrokerSettings> check(const std::filesystem::path& config) const;
  Status check_ports() const;
  std::string log_of(const BrokerSettings& broker) const;
  bool all_ended();

  FleetPlaces places_;
  std::vector<BrokerSettings> brokers_;
  std::vector<ChildProcess> processes_;
};

}  // namespace phyllo::cli
