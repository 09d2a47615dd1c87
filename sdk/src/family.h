#pragma once

#include <cstdint>
#include <string_view>

namespace phyllo::internal {

/// How a broker's host is looked up. ZeroMQ takes one address and never tries another, so that a
/// name is to be tried in both ways, one after the other.
enum class Family : std::uint8_t { kIPv4, kIPv6 };

inline Family other(Family family) {
  return family == Family::kIPv4 ? Family::kIPv6 : Family::kIPv4;
}

/// Of an address, or the first one to try of a name.
inline Family family_of(std::string_view endpoint) {
  return endpoint.starts_with("tcp://[") ? Family::kIPv6 : Family::kIPv4;
}

/// Whether the endpoint's host is a name and not an address.
inline bool has_name(std::string_view endpoint) {
  constexpr std::string_view kTcp = "tcp://";
  if (!endpoint.starts_with(kTcp) || family_of(endpoint) == Family::kIPv6) return false;
  const auto host = endpoint.substr(kTcp.size(), endpoint.rfind(':') - kTcp.size());
  return host.find_first_not_of("0123456789.") != std::string_view::npos;
}

}  // namespace phyllo::internal
