#include "broker/listeners.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "broker/config/socket_address.h"

namespace phyllo::broker {
namespace {

/// Room for a batch's header and framing around the largest message.
constexpr std::size_t kFrameSlack = 64 << 10;
/// Connections that have not become sessions yet must not use up the programs' limit.
constexpr std::size_t kConnectionSlack = 1024;

overlay::transport::TransportConfig transport_config(const Settings& settings,
                                                     const DescriptorBudget& budget) {
  overlay::transport::TransportConfig config;
  config.cluster = settings.core.cluster;
  config.listen.push_back(settings.peers.listen_local);
  // Also when both say port 0 of the same host: the system then chooses two.
  if (!settings.peers.listen_wan.empty()) config.listen.push_back(settings.peers.listen_wan);
  config.frame_bytes = settings.peers.frame_bytes;
  config.queue_bytes = settings.peers.queue_bytes;
  config.links = std::min(settings.peers.links, budget.links);
  // Each peer has one connection here; one that is being replaced has two.
  config.connections = std::min(2 * settings.peers.links + kConnectionSlack, budget.peers);
  return config;
}

ClientGateway::Options gateway_options(const Settings& settings, const DescriptorBudget& budget) {
  const auto& limits = settings.core.clients;
  ClientGateway::Options options;
  options.listen = settings.clients.listen;
  options.frame_bytes = std::max(limits.message_bytes, limits.publish_window_bytes) + kFrameSlack;
  options.connections = std::min(limits.clients + kConnectionSlack, budget.clients);
  options.unsent_bytes = limits.queue_bytes_maximum + options.frame_bytes;
  return options;
}

BoundPorts bound_ports(const std::vector<overlay::Endpoint>& listening) {
  const std::uint16_t local = socket_address(listening.front()).port;
  return {local, listening.size() > 1 ? socket_address(listening.back()).port : local};
}

std::vector<std::string> texts(const std::vector<overlay::Endpoint>& endpoints) {
  std::vector<std::string> texts;
  for (const auto& endpoint : endpoints) texts.push_back(endpoint.text());
  return texts;
}

}  // namespace

Result<Listeners> open_listeners(zmq::context_t& context, const Settings& settings,
                                 const DescriptorBudget& budget, const StatusBoard& board) {
  Listeners listeners;
  auto peers = overlay::transport::Transport::open(context, transport_config(settings, budget));
  if (!peers) return peers.error();
  listeners.peers = *std::move(peers);
  listeners.place = advertised_place(settings, bound_ports(listeners.peers->listening()));
  auto clients = ClientGateway::open(context, gateway_options(settings, budget));
  if (!clients) return clients.error();
  listeners.clients = *std::move(clients);
  if (!settings.http.listen) return listeners;
  auto http = HttpServer::start(*settings.http.listen, board);
  if (!http) return http.error();
  listeners.http = *std::move(http);
  return listeners;
}

std::string describe(const Listeners& listeners, const Settings& settings, overlay::NodeId node) {
  nlohmann::ordered_json json;
  json["node"] = node.hex();
  json["region"] = settings.region;
  json["cluster"] = settings.core.cluster;
  json["pid"] = getpid();
  json["local"] = listeners.place.local.text();
  json["wan"] = listeners.place.wan.text();
  json["peers"] = texts(listeners.peers->listening());
  json["clients"] = texts(listeners.clients->listening());
  if (listeners.http) {
    HostPort address = *settings.http.listen;
    address.port = listeners.http->port();
    json["http"] = show_host_port(address);
  }
  return json.dump();
}

Outcome write_atomically(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::path draft = file;
  draft += "." + std::to_string(getpid());
  std::ofstream stream(draft);
  stream << text << '\n';
  stream.close();
  const auto failed = [&](const std::string& why) {
    return Error{ErrorCode::kUnavailable, "cannot write " + file.string() + ": " + why};
  };
  if (!stream) return failed(std::strerror(errno));
  std::error_code error;
  std::filesystem::rename(draft, file, error);
  if (error) return failed(error.message());
  return Done{};
}

}  // namespace phyllo::broker
