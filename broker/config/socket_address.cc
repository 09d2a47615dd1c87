#include "broker/config/socket_address.h"

#include <arpa/inet.h>

#include <charconv>

namespace phyllo::broker {
namespace {

bool is_tcp(const overlay::Endpoint& endpoint) { return endpoint.text().starts_with("tcp://"); }

std::string listen_problem(const SocketAddress& address) {
  // The sockets' library binds to addresses and interfaces; it does not look names up.
  if (address.host != "localhost") return {};
  return "listening needs an address or '*'; write 127.0.0.1 for localhost";
}

std::string connect_problem(const SocketAddress& address) {
  if (!address.all_interfaces()) return {};
  return "others cannot connect to '" + address.host + "'; write this host's address or name";
}

}  // namespace

bool SocketAddress::loopback() const {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

bool SocketAddress::private_network() const {
  in_addr parsed{};
  if (inet_pton(AF_INET, host.c_str(), &parsed) != 1) return false;
  const std::uint32_t address = ntohl(parsed.s_addr);
  return address >> 24 == 10 || address >> 20 == (172 << 4 | 1) ||
         address >> 16 == (192 << 8 | 168);
}

SocketAddress socket_address(const overlay::Endpoint& endpoint) {
  if (!is_tcp(endpoint)) return {};
  const std::string address = endpoint.text().substr(6);
  const std::size_t colon = address.rfind(':');
  SocketAddress parts;
  parts.host = address.substr(0, colon);
  if (parts.host.starts_with('[')) parts.host = parts.host.substr(1, parts.host.size() - 2);
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), parts.port);
  return parts;
}

std::string show_host_port(const HostPort& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  const std::string host = ipv6 ? "[" + address.host + "]" : address.host;
  return host + ":" + std::to_string(address.port);
}

std::string endpoint_problem(const overlay::Endpoint& endpoint, EndpointUse use) {
  if (!is_tcp(endpoint)) {
    return use == EndpointUse::kClientListen ? "" : "brokers connect by tcp:// only";
  }
  const SocketAddress address = socket_address(endpoint);
  switch (use) {
    case EndpointUse::kPeerListen:
    case EndpointUse::kClientListen:
      return listen_problem(address);
    case EndpointUse::kPeerConnect:
      return connect_problem(address);
    case EndpointUse::kSeed:
      if (address.port == 0) return "the port of a seed is 1 to 65535";
      return connect_problem(address);
  }
  return {};
}

bool same_socket(const overlay::Endpoint& a, const overlay::Endpoint& b) {
  if (a.empty() || b.empty()) return false;
  if (!is_tcp(a) || !is_tcp(b)) return a == b;
  const SocketAddress left = socket_address(a);
  const SocketAddress right = socket_address(b);
  if (left.port != right.port || left.port == 0) return false;
  return left.host == right.host || left.all_interfaces() || right.all_interfaces();
}

}  // namespace phyllo::broker
