#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/processes/phyllod_process.h"

namespace phyllo::test {

/// What a broker under test is told, beside the endpoints, which are its own affair.
struct BrokerSpec {
  std::string name = "broker";  ///< of its files
  std::string region = "default";
  std::string address = "127.0.0.1";  ///< of its sockets; HTTP is on loopback all the same
  std::vector<std::string> seeds;     ///< empty: founds a ring
  std::string settings;               ///< further YAML, e.g. "clients: {message_size: 1MiB}\n"
};

/// Where a broker listens, from its ports file.
struct BrokerPorts {
  std::string node;                  ///< its id
  std::string local, wan;            ///< tcp:// endpoints for peers, as advertised
  std::vector<std::string> clients;  ///< tcp:// first, then ipc://
  int http = 0;
};

/// A real broker of a test cluster on loopback. The system chooses its ports; when started again it
/// keeps them and its id. Everything it writes is in `folder`.
class ClusterBroker {
 public:
  ClusterBroker(std::filesystem::path folder, BrokerSpec spec);

  /// Starts it and waits until it listens. False, with the reason in `log()`, when it does not.
  bool start(std::chrono::milliseconds patience = std::chrono::seconds(10));
  /// Waits until /readyz says yes.
  bool wait_ready(std::chrono::milliseconds patience = std::chrono::seconds(10));

  // --- faults ---
  void crash();   ///< kill -9; returns when it is gone
  void freeze();  ///< SIGSTOP; returns when it stands still
  void thaw() { process_->signal(SIGCONT); }
  /// SIGTERM; how it ended, nullopt when it did not in time.
  std::optional<ProcessEnd> drain(std::chrono::milliseconds patience = std::chrono::seconds(10));
  PhyllodProcess& process() { return *process_; }
  bool running() { return process_ && process_->running(); }

  // --- what it is ---
  const BrokerSpec& spec() const { return spec_; }
  /// For the next start.
  void set_seeds(std::vector<std::string> seeds) { spec_.seeds = std::move(seeds); }
  /// Rewrites its file; for the next start, or a SIGHUP.
  void set_settings(std::string settings);
  const BrokerPorts& ports() const { return ports_.value(); }
  HttpAnswer get(const std::string& path) const;
  /// As PhyllodProcess::metric.
  std::optional<double> metric(const std::string& name) const;
  /// Of all its lives.
  std::string log() const;

 private:
  std::filesystem::path file(const std::string& extension) const;
  std::string config() const;

  std::filesystem::path folder_;
  BrokerSpec spec_;
  std::optional<BrokerPorts> ports_;
  std::unique_ptr<PhyllodProcess> process_;
};

}  // namespace phyllo::test
