#include "sdk/src/options_check.h"

#include <charconv>
#include <chrono>
#include <string_view>

namespace phyllo::internal {
namespace {

using std::chrono::milliseconds;

Status invalid(std::string why) { return {StatusCode::kInvalidArgument, std::move(why)}; }

bool has_space_or_control(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return true;
  }
  return false;
}

bool valid_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

Status check_broker(const std::string& broker) {
  constexpr std::string_view kTcp = "tcp://";
  constexpr std::string_view kIpc = "ipc://";
  constexpr std::size_t kLongestPath = 107;  // sockaddr_un
  const std::string_view text = broker;
  const std::string named = "invalid broker \"" + broker + "\": ";
  if (text.starts_with(kIpc)) {
    const std::size_t length = text.size() - kIpc.size();
    if (length == 0) return invalid(named + "no path");
    if (length > kLongestPath) return invalid(named + "the path is longer than 107 bytes");
    return {};
  }
  if (!text.starts_with(kTcp)) {
    return invalid(named + "expected tcp://host:port or ipc:///path");
  }
  if (has_space_or_control(text)) return invalid(named + "it contains a space");
  const std::string_view address = text.substr(kTcp.size());
  const auto colon = address.rfind(':');
  if (colon == std::string_view::npos) return invalid(named + "no port");
  const std::string_view host = address.substr(0, colon);
  if (host.empty() || host == "*") return invalid(named + "no host");
  const bool brackets = host.front() == '[' && host.back() == ']';
  if (host.find(':') != std::string_view::npos && !brackets) {
    return invalid(named + "write an IPv6 address as tcp://[address]:port");
  }
  if (!valid_port(address.substr(colon + 1))) {
    return invalid(named + "the port must be a number from 1 to 65535");
  }
  return {};
}

Status check_policy(const ReconnectPolicy& policy) {
  constexpr milliseconds kLongest = std::chrono::hours(24);
  if (policy.initial < milliseconds(1) || policy.initial > kLongest) {
    return invalid("reconnect.initial must be from 1 ms to 24 h");
  }
  if (policy.maximum < policy.initial || policy.maximum > kLongest) {
    return invalid("reconnect.maximum must be from reconnect.initial to 24 h");
  }
  if (!(policy.jitter >= 0.0 && policy.jitter <= 1.0)) {
    return invalid("reconnect.jitter must be from 0 to 1");
  }
  return {};
}

}  // namespace

Status check_options(const std::vector<std::string>& brokers, const ClientOptions& options) {
  constexpr std::size_t kLongestName = 64;
  constexpr std::size_t kMostThreads = 64;
  if (brokers.empty()) return invalid("no broker to connect to");
  for (const std::string& broker : brokers) {
    if (Status status = check_broker(broker); !status.ok()) return status;
  }
  if (options.name.size() > kLongestName) return invalid("the name is longer than 64 bytes");
  if (Status status = check_policy(options.reconnect); !status.ok()) return status;
  if (options.connect_timeout < milliseconds(1) ||
      options.connect_timeout > std::chrono::hours(1)) {
    return invalid("connect_timeout must be from 1 ms to 1 h");
  }
  if (options.publish_queue_bytes == 0) return invalid("publish_queue_bytes must not be 0");
  if (options.max_message_bytes == 0 || options.max_message_bytes > UINT32_MAX) {
    return invalid("max_message_bytes must be from 1 to 4294967295");
  }
  if (options.max_receive_bytes < 4096 || options.max_receive_bytes > INT64_MAX) {
    return invalid("max_receive_bytes must be at least 4096");
  }
  if (options.callback_threads < 1 || options.callback_threads > kMostThreads) {
    return invalid("callback_threads must be from 1 to 64");
  }
  return {};
}

}  // namespace phyllo::internal
