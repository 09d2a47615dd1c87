#include "cli/demo/broker_settings.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <set>
#include <string_view>

namespace phyllo::cli {
namespace {

constexpr std::string_view kTcp = "tcp://";

/// "tcp://HOST:PORT" or "HOST:PORT"; nothing for sockets of other kinds and for port 0, which the
/// system replaces by a free one.
std::optional<ListenAddress> parse_address(const std::string& setting, std::string_view text) {
  if (text.starts_with(kTcp)) text.remove_prefix(kTcp.size());
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || text.find("://") != std::string_view::npos) return {};
  ListenAddress address{setting, std::string(text.substr(0, colon))};
  const std::string_view port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc{} || end != port.data() + port.size() || address.port == 0) return {};
  return address;
}

void add_addresses(const std::string& setting, const YAML::Node& value, BrokerSettings& out) {
  if (!value.IsDefined()) return;
  const std::vector<std::string> texts = value.IsSequence() ? value.as<std::vector<std::string>>()
                                                            : std::vector{value.as<std::string>()};
  for (const std::string& text : texts) {
    if (const auto address = parse_address(setting, text)) out.listens.push_back(*address);
  }
}

/// Empty for a file that cannot be read: phyllod will say why.
std::vector<std::string> includes_of(const std::filesystem::path& file) {
  try {
    const YAML::Node includes = YAML::LoadFile(file.string())["include"];
    return includes.IsSequence() ? includes.as<std::vector<std::string>>()
                                 : std::vector<std::string>();
  } catch (const YAML::Exception&) {
    return {};
  }
}

}  // namespace

std::optional<BrokerSettings> parse_broker_settings(const std::filesystem::path& file,
                                                    const std::string& yaml) {
  try {
    const YAML::Node root = YAML::Load(yaml);
    BrokerSettings settings;
    settings.name = file.stem().string();
    settings.file = file;
    settings.region = root["node"]["region"].as<std::string>();
    const YAML::Node clients = root["clients"]["listen"];
    settings.clients =
        clients.IsSequence() ? clients[0].as<std::string>() : clients.as<std::string>();
    add_addresses("peers.local.listen", root["peers"]["local"]["listen"], settings);
    add_addresses("peers.wan.listen", root["peers"]["wan"]["listen"], settings);
    add_addresses("clients.listen", clients, settings);
    add_addresses("http.listen", root["http"]["listen"], settings);
    return settings;
  } catch (const YAML::Exception&) {
    return std::nullopt;
  }
}

std::vector<std::filesystem::path> broker_files(const std::filesystem::path& folder) {
  std::set<std::filesystem::path> files;
  std::set<std::filesystem::path> included;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".yaml") continue;
    files.insert(entry.path());
    for (const std::string& name : includes_of(entry.path())) {
      included.insert((folder / name).lexically_normal());
    }
  }
  std::erase_if(files,
                [&](const auto& file) { return included.contains(file.lexically_normal()); });
  return {files.begin(), files.end()};
}

std::optional<std::string> why_not_listen(const ListenAddress& address) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(address.port);
  place.sin_addr.s_addr = htonl(INADDR_ANY);
  if (address.host != "*" && inet_pton(AF_INET, address.host.c_str(), &place.sin_addr) != 1) {
    return std::nullopt;  // a name or IPv6: the broker will find out
  }
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::strerror(errno);
  const int reuse = 1;  // as the broker does: connections that are ending are no obstacle
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  std::optional<std::string> reason;
  if (bind(fd, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) {
    reason = std::strerror(errno);
  }
  close(fd);
  return reason;
}

}  // namespace phyllo::cli
