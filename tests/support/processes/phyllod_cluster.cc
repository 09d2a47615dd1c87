#include "tests/support/processes/phyllod_cluster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

namespace phyllo::test {
namespace {

constexpr std::size_t kLogTail = 4000;

}  // namespace

PhyllodCluster::PhyllodCluster(std::string settings) : settings_(std::move(settings)) {}

PhyllodCluster::~PhyllodCluster() {
  if (testing::Test::HasFailure()) {
    for (const auto& broker : brokers_) {
      const std::string log = broker->log();
      std::cerr << "--- log of " << broker->spec().name << "\n"
                << log.substr(log.size() - std::min(log.size(), kLogTail));
    }
  }
}

ClusterBroker& PhyllodCluster::add(const std::string& region) {
  BrokerSpec spec;
  spec.name = region + "-" + std::to_string(brokers_.size());
  spec.region = region;
  spec.seeds = seeds_without(nullptr);
  spec.settings = settings_;
  brokers_.push_back(std::make_unique<ClusterBroker>(folder(), std::move(spec)));
  return *brokers_.back();
}

bool PhyllodCluster::start(const std::vector<std::string>& regions) {
  for (const std::string& region : regions) {
    if (!add(region).start()) return false;
  }
  return wait_all_ready();
}

bool PhyllodCluster::restart(ClusterBroker& broker) {
  broker.set_seeds(seeds_without(&broker));
  return broker.start();
}

bool PhyllodCluster::wait_all_ready(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  return std::all_of(brokers_.begin(), brokers_.end(), [&](const auto& broker) {
    const auto left = until - std::chrono::steady_clock::now();
    return broker->wait_ready(std::chrono::duration_cast<std::chrono::milliseconds>(left));
  });
}

ClusterBroker* PhyllodCluster::find(const std::string& node) {
  const auto found = std::find_if(brokers_.begin(), brokers_.end(),
                                  [&](const auto& broker) { return broker->ports().node == node; });
  return found == brokers_.end() ? nullptr : found->get();
}

std::vector<std::string> PhyllodCluster::client_endpoints() const {
  std::vector<std::string> endpoints;
  for (const auto& broker : brokers_) endpoints.push_back(broker->ports().clients.front());
  return endpoints;
}

std::vector<std::string> PhyllodCluster::seeds_without(const ClusterBroker* broker) const {
  std::vector<std::string> seeds;
  for (const auto& each : brokers_) {
    if (each.get() != broker && each->running()) seeds.push_back(each->ports().wan);
  }
  return seeds;
}

}  // namespace phyllo::test
