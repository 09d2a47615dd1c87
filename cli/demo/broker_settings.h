#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace phyllo::cli {

/// A TCP socket that a broker will listen at.
struct ListenAddress {
  std::string setting;  ///< what the configuration calls it, e.g. "clients.listen"
  std::string host;     ///< an IPv4 address, or "*" for all
  std::uint16_t port = 0;
};

/// What one has to know of a broker to run it beside others on this host.
struct BrokerSettings {
  std::string name;  ///< of its file, without the extension
  std::filesystem::path file;
  std::string region;
  std::string clients;  ///< the first endpoint programs can connect to
  std::vector<ListenAddress> listens;
};

/// Reads what `phyllod --check` prints: all settings in effect, as YAML. Nothing when it lacks what
/// a broker must have.
std::optional<BrokerSettings> parse_broker_settings(const std::filesystem::path& file,
                                                    const std::string& yaml);

/// The files of `folder` that describe a broker: every *.yaml that no other one includes. Sorted.
std::vector<std::filesystem::path> broker_files(const std::filesystem::path& folder);

/// Why nobody can listen there now ("Address already in use"); nothing when one can.
std::optional<std::string> why_not_listen(const ListenAddress& address);

}  // namespace phyllo::cli
