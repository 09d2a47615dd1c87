#pragma once

#include <cstdint>
#include <string>

#include "broker/config/setting.h"
#include "overlay/endpoint.h"

namespace phyllo::broker {

/// The parts of a `tcp://` endpoint.
struct SocketAddress {
  std::string host;  ///< an IPv6 address without its brackets
  std::uint16_t port = 0;

  bool all_interfaces() const { return host == "*" || host == "0.0.0.0" || host == "::"; }
  /// Only reachable from the same host.
  bool loopback() const;
  /// An IPv4 address of RFC 1918.
  bool private_network() const;
};

/// Both parts empty for an `ipc://` endpoint.
SocketAddress socket_address(const overlay::Endpoint& endpoint);

/// `host:port`, an IPv6 address in brackets.
std::string show_host_port(const HostPort& address);

/// Why `endpoint` cannot be used so; empty when it can.
std::string endpoint_problem(const overlay::Endpoint& endpoint, EndpointUse use);

/// Whether two sockets cannot be bound at once.
bool same_socket(const overlay::Endpoint& a, const overlay::Endpoint& b);

}  // namespace phyllo::broker
