#include "cli/regions/asked_brokers.h"

#include <string_view>
#include <utility>

namespace phyllo::cli {
namespace {

using overlay::Endpoint;

constexpr std::string_view kEverywhere = "tcp://*:";

/// The host of one endpoint with the port of another.
std::string with_port(const Endpoint& host, std::string_view port) {
  return host.text().substr(0, host.text().rfind(':') + 1) + std::string(port);
}

std::vector<std::string> endpoints_of(const sim::ClusterFile::Node& node) {
  std::vector<std::string> endpoints;
  for (const Endpoint& listened : node.settings.clients.listen) {
    const std::string& text = listened.text();
    if (!text.starts_with("tcp://")) continue;  // a socket on the broker's own host
    if (!text.starts_with(kEverywhere)) {
      endpoints.push_back(text);
      continue;
    }
    for (const Endpoint& told : {node.place.wan, node.place.local}) {
      if (told.empty()) continue;
      endpoints.push_back(with_port(told, std::string_view(text).substr(kEverywhere.size())));
    }
  }
  if (endpoints.empty()) endpoints.push_back(node.settings.clients.listen.front().text());
  return endpoints;
}

}  // namespace

std::vector<AskedBroker> asked_brokers(const std::vector<std::string>& endpoints) {
  std::vector<AskedBroker> brokers;
  for (const std::string& endpoint : endpoints) brokers.push_back({endpoint, {endpoint}});
  return brokers;
}

std::vector<AskedBroker> asked_brokers(const sim::ClusterFile& cluster) {
  std::vector<AskedBroker> brokers;
  for (const auto& node : cluster.nodes) brokers.push_back({node.name, endpoints_of(node)});
  return brokers;
}

}  // namespace phyllo::cli
