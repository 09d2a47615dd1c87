#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/processes/cluster_broker.h"

namespace phyllo::test {

/// Several real brokers in a temporary folder of their own. All are gone when the object is; when
/// the test has failed by then, their logs are printed.
class PhyllodCluster {
 public:
  /// `settings` is YAML that all brokers share.
  explicit PhyllodCluster(std::string settings = {});
  ~PhyllodCluster();
  PhyllodCluster(const PhyllodCluster&) = delete;
  PhyllodCluster& operator=(const PhyllodCluster&) = delete;

  /// One more broker, whose seeds are all those before it. Not started yet.
  ClusterBroker& add(const std::string& region = "default");
  /// Adds one broker per region named (a region may be named twice), and starts them one after the
  /// other; true when all are ready.
  bool start(const std::vector<std::string>& regions);
  /// Starts a broker that has ended, with the id and ports it had, seeded by all others that run.
  bool restart(ClusterBroker& broker);
  bool wait_all_ready(std::chrono::milliseconds patience = std::chrono::seconds(15));

  std::size_t size() const { return brokers_.size(); }
  ClusterBroker& operator[](std::size_t index) { return *brokers_[index]; }
  /// The broker with this node id, or nullptr.
  ClusterBroker* find(const std::string& node);
  /// Client endpoints (tcp) of all brokers, in order.
  std::vector<std::string> client_endpoints() const;
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  std::vector<std::string> seeds_without(const ClusterBroker* broker) const;

  std::string settings_;
  ScratchFolder folder_;
  std::vector<std::unique_ptr<ClusterBroker>> brokers_;
};

}  // namespace phyllo::test
