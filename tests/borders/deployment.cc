#include "tests/borders/deployment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

namespace phyllo::test {
namespace {

constexpr std::size_t kLogTail = 3000;
constexpr auto kPatience = std::chrono::seconds(60);

}  // namespace

Deployment::Deployment(const std::vector<std::string>& sites, int brokers_each,
                       const std::string& more)
    : borders_(sites), sites_(sites) {
  std::string regions = "regions: {";
  for (const std::string& site : sites) regions += site + ": {}, ";
  for (const std::string& site : sites) {
    for (int number = 0; number < brokers_each; ++number) {
      BrokerSpec spec;
      spec.name = site + "-" + std::to_string(number);
      spec.region = site;
      spec.address = borders_.address(site, number + 1);
      spec.settings = regions + "}\n" + more;
      brokers_[site].push_back(std::make_unique<ClusterBroker>(folder_.path(), std::move(spec)));
    }
  }
}

Deployment::~Deployment() {
  if (!testing::Test::HasFailure()) return;
  for (const auto& [site, brokers] : brokers_) {
    for (const auto& broker : brokers) {
      const std::string log = broker->log();
      std::cerr << "--- log of " << broker->spec().name << "\n"
                << log.substr(log.size() - std::min(log.size(), kLogTail));
    }
  }
}

/// The seeds are the first broker of every site that runs by then.
bool Deployment::start() {
  std::vector<std::string> seeds;
  for (const std::string& site : sites_) {
    const Visit there = visit(site);
    for (const auto& broker : brokers_.at(site)) {
      broker->set_seeds(seeds);
      if (!broker->start(kPatience)) return false;
      if (broker == brokers_.at(site).front()) seeds.push_back(broker->ports().wan);
    }
  }
  return std::ranges::all_of(sites_, [&](const std::string& site) {
    const Visit there = visit(site);
    return std::ranges::all_of(brokers_.at(site),
                               [](const auto& broker) { return broker->wait_ready(kPatience); });
  });
}

std::vector<std::string> Deployment::clients(const std::string& site, int first) const {
  const auto& brokers = brokers_.at(site);
  std::vector<std::string> endpoints;
  for (std::size_t i = 0; i < brokers.size(); ++i) {
    const auto& broker = brokers[(i + static_cast<std::size_t>(first)) % brokers.size()];
    endpoints.push_back(broker->ports().clients.front());
  }
  return endpoints;
}

std::map<std::string, std::uint64_t> Deployment::crossed() const {
  std::map<std::string, std::uint64_t> all;
  for (const std::string& from : sites_) {
    for (const std::string& to : sites_) {
      if (from != to) all[from + ">" + to] = borders_.crossed(from, to).bytes;
    }
  }
  return all;
}

}  // namespace phyllo::test
