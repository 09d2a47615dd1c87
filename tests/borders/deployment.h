#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/network/borders.h"
#include "tests/support/processes/cluster_broker.h"
#include "tests/support/processes/phyllod_process.h"

namespace phyllo::test {

/// Real brokers at sites that are networks of their own, each site a region. What a test calls in a
/// site's name (clients, HTTP) it does while it visits the site.
class Deployment {
 public:
  /// `more` are further settings of every broker.
  Deployment(const std::vector<std::string>& sites, int brokers_each, const std::string& more = "");
  ~Deployment();

  /// Starts all brokers; true when all are ready.
  bool start();
  Borders& borders() { return borders_; }
  Visit visit(const std::string& site) const { return Visit(borders_.site(site)); }
  ClusterBroker& broker(const std::string& site, int number) {
    return *brokers_.at(site).at(static_cast<std::size_t>(number));
  }
  /// Where the brokers of a site listen for programs, the one of this number first.
  std::vector<std::string> clients(const std::string& site, int first) const;
  /// Of all borders: bytes of each ordered pair of sites, "eu>us".
  std::map<std::string, std::uint64_t> crossed() const;

 private:
  Borders borders_;
  ScratchFolder folder_;
  std::vector<std::string> sites_;
  std::map<std::string, std::vector<std::unique_ptr<ClusterBroker>>> brokers_;
};

}  // namespace phyllo::test
