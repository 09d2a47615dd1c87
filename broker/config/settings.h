#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/config/given_settings.h"
#include "broker/config/logging_settings.h"
#include "broker/config/region_settings.h"
#include "broker/core/broker_config.h"
#include "overlay/contact.h"
#include "overlay/endpoint.h"
#include "overlay/id.h"

namespace phyllo::broker {

/// A named set of timers for the overlay and the trees; single ones can be set on top of it.
enum class Profile { kLan, kWan, kPaper };

/// The sockets that other brokers connect to, and the links to them. TCP only.
struct PeerSettings {
  overlay::Endpoint listen_local;     ///< port 0: the system chooses
  overlay::Endpoint listen_wan;       ///< empty: `listen_local` serves other regions too
  overlay::Endpoint advertise_local;  ///< what peers of this region connect to; empty: as listened
  overlay::Endpoint advertise_wan;    ///< what all others connect to; empty: the listened one
  std::vector<overlay::Endpoint> seeds;  ///< empty: found a ring without asking anybody
  std::size_t queue_bytes =
      64 << 20;  ///< waiting for one peer; what does not fit is dropped, counted
  std::size_t frame_bytes = 16 << 20;  ///< a larger message from a peer is refused
  std::size_t links = 4096;            ///< peers connected at once

  PeerSettings();
};

/// The sockets that programs connect to: `tcp://` and `ipc://`, at least one.
struct ClientSettings {
  std::vector<overlay::Endpoint> listen;

  ClientSettings();
};

struct HostPort {
  std::string host;        ///< an address, or `*` for all interfaces
  std::uint16_t port = 0;  ///< 0: the system chooses
  bool operator==(const HostPort&) const = default;
};

/// Health, status and metrics.
struct HttpSettings {
  std::optional<HostPort> listen = HostPort{"127.0.0.1", 7480};  ///< nullopt: no HTTP
};

/// The ring of all brokers, where each region has one of its own besides.
struct GlobalRingSettings {
  Profile profile = Profile::kWan;  ///< the one the timers started from
  overlay::Timers timers = overlay::Timers::wan();
};

/// Everything phyllod is told by its YAML file; `configs/reference.yaml` explains every key. A
/// value that `load_settings` returned has passed all checks. Each part goes to the one who needs
/// it.
struct Settings {
  BrokerConfig core;                       ///< cluster name, overlay, multicast, limits on clients
  Profile profile = Profile::kLan;         ///< the one the timers in `core` started from
  std::optional<overlay::NodeId> node_id;  ///< as configured; see `node_id_of`
  std::string region = "default";
  std::optional<std::string> state_dir;  ///< a folder for what survives a restart; nullopt: none
  /// Of the whole cluster, by name. Empty: the cluster is not divided.
  RegionsSettings regions;
  std::vector<TopicRuleSettings> topics;  ///< the first that matches a topic decides
  GlobalRingSettings global_ring;
  PeerSettings peers;
  ClientSettings clients;
  HttpSettings http;
  LoggingSettings logging;
};

/// The ports the system gave to the peers' sockets, for those configured as 0.
struct BoundPorts {
  std::uint16_t local = 0;
  std::uint16_t wan = 0;
};

/// Where this broker tells others that it is: the advertised endpoints, or the listened ones, with
/// port 0 replaced by the port that was bound.
overlay::Place advertised_place(const Settings& settings, BoundPorts bound);

/// The configured id, or else one made from the cluster's name and the endpoints others know this
/// broker by: the same again after a restart, and on no other broker.
overlay::NodeId node_id_of(const Settings& settings, const overlay::Place& place);

/// What reading a file came to: settings, or every error found, each `file:line:column: message`.
struct LoadedSettings {
  std::optional<Settings> settings;
  GivenSettings given;              ///< where they stand
  std::vector<std::string> errors;  ///< empty exactly when there are settings

  bool ok() const { return settings.has_value(); }
};

/// Reads `file` strictly. Touches nothing but that file (and those it includes).
LoadedSettings load_settings(const std::filesystem::path& file);

/// The same for a text that is not in a file and includes none; `name` stands for it in the errors.
LoadedSettings parse_settings(std::string_view text, const std::string& name);

}  // namespace phyllo::broker
