#include "overlay/endpoint.h"

#include <charconv>

namespace phyllo::overlay {
namespace {

constexpr std::size_t kMaxBytes = 255;
constexpr std::size_t kMaxIpcPath = 100;  // sun_path holds 108 with its terminator

Error invalid(std::string_view text, std::string_view why) {
  return Error{
      ErrorCode::kInvalidArgument,
      "invalid endpoint '" + std::string(text.substr(0, kMaxBytes)) + "': " + std::string(why)};
}

bool plain(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) == 0x7f)
      return false;
  }
  return true;
}

bool valid_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port <= 65535;
}

/// Why `host` cannot stand before a port, or nullptr.
const char* host_problem(std::string_view host) {
  if (host.empty()) return "the host is missing";
  const bool opens = host.front() == '[';
  const bool closes = host.back() == ']';
  if (opens != closes) return "an IPv6 address stands in brackets";
  if (!opens && host.find(':') != std::string_view::npos) {
    return "an IPv6 address stands in brackets";
  }
  if (host.find_first_of("/;@?#") != std::string_view::npos) {
    return "the host holds a character that no host name has";
  }
  return nullptr;
}

}  // namespace

Result<Endpoint> Endpoint::parse(std::string_view text) {
  if (text.size() > kMaxBytes) return invalid(text, "it is longer than 255 bytes");
  if (!plain(text)) return invalid(text, "it holds a blank or a control character");
  if (text.starts_with("ipc://")) {
    const std::string_view path = text.substr(6);
    if (path.empty()) return invalid(text, "the path is missing");
    if (path.size() > kMaxIpcPath) return invalid(text, "the path is longer than 100 bytes");
    return Endpoint(std::string(text));
  }
  if (!text.starts_with("tcp://")) return invalid(text, "it must begin with tcp:// or ipc://");
  const std::string_view address = text.substr(6);
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || address.ends_with(']')) {
    return invalid(text, "the port is missing");
  }
  if (const char* problem = host_problem(address.substr(0, colon))) return invalid(text, problem);
  if (!valid_port(address.substr(colon + 1))) {
    return invalid(text, "the port must be a number from 0 to 65535");
  }
  return Endpoint(std::string(text));
}

}  // namespace phyllo::overlay
