#include "broker/config/settings_checks.h"

#include <algorithm>
#include <initializer_list>

#include "broker/config/nearest_key.h"
#include "broker/config/scalars.h"
#include "broker/config/setting.h"
#include "broker/config/socket_address.h"

namespace phyllo::broker {
namespace {

/// Room for everything around the messages of a batch.
constexpr std::size_t kFrameHeadroom = 64 << 10;

class Checker {
 public:
  Checker(const Settings& settings, const GivenSettings& given, ConfigErrors& errors)
      : settings_(settings), given_(given), errors_(errors) {}

  void check_all() {
    check_regions();
    check_borders();
    check_topic_rules();
    check_clients();
    check_overlay();
    check_multicast();
    check_border_timers();
    check_sizes();
    check_seeds();
    check_advertised();
    check_sockets();
  }

 private:
  void check_regions();
  void check_borders();
  void check_topic_rules();
  /// Complains at the value `at`, as part of `path`, of a region that there is not.
  void check_region(const std::string& at, const std::string& path, const std::string& name);
  void check_clients();
  void check_overlay();
  void check_multicast();
  void check_border_timers();
  void check_sizes();
  void check_seeds();
  void check_advertised();
  void check_advertised(const std::string& side, const overlay::Endpoint& listened,
                        const overlay::Endpoint& advertised);
  void check_loopback(const overlay::Endpoint& told, const std::string& path);
  void check_sockets();

  struct Socket {
    std::string path;
    overlay::Endpoint endpoint;
  };
  std::vector<Socket> listening_sockets() const;

  /// `path` must be longer than (at least) what `other` is.
  void longer(const std::string& path, Duration value, const std::string& other, Duration bound);
  void at_least(const std::string& path, std::size_t value, const std::string& other,
                std::size_t bound);
  bool sound(std::initializer_list<std::string> paths) const {
    return std::all_of(paths.begin(), paths.end(),
                       [&](const std::string& path) { return given_.sound(path); });
  }
  void report(const std::string& path, const std::string& message) {
    errors_.add(given_.position(path), path + ": " + message);
  }
  /// Of two values that contradict each other, the one that was written is at fault.
  const std::string& written(const std::string& path, const std::string& other) const {
    return given_.given(path) || !given_.given(other) ? path : other;
  }

  const Settings& settings_;
  const GivenSettings& given_;
  ConfigErrors& errors_;
};

void Checker::longer(const std::string& path, Duration value, const std::string& other,
                     Duration bound) {
  if (!sound({path, other}) || value > bound) return;
  errors_.add(given_.position(written(path, other)), path + " (" + show_duration(value) +
                                                         ") must be longer than " + other + " (" +
                                                         show_duration(bound) + ")");
}

void Checker::at_least(const std::string& path, std::size_t value, const std::string& other,
                       std::size_t bound) {
  if (!sound({path, other}) || value >= bound) return;
  errors_.add(given_.position(written(path, other)), path + " (" + show_bytes(value) +
                                                         ") must be at least " + show_bytes(bound) +
                                                         ", because of " + other);
}

void Checker::check_regions() {
  const auto& regions = settings_.regions;
  if (regions.empty() || !sound({"regions", "node.region"})) return;
  if (regions.contains(settings_.region)) return;
  std::string known;
  for (const auto& [name, region] : regions) known += (known.empty() ? "" : ", ") + name;
  report("node.region", in_quotes(settings_.region) + " is none of the regions: " + known);
}

/// Every region that is mentioned is one of the cluster.
void Checker::check_borders() {
  for (const auto& [name, region] : settings_.regions) {
    const std::string path = "regions." + name + ".to";
    for (const auto& [to, border] : region.to) {
      if (to == name) {
        report(path + "." + to, "a region has no border with itself");
      } else {
        check_region(path + "." + to, path, to);
      }
    }
  }
}

void Checker::check_topic_rules() {
  for (std::size_t i = 0; i < settings_.topics.size(); ++i) {
    const std::string path = "topics[" + std::to_string(i) + "]";
    const TopicRuleSettings& rule = settings_.topics[i];
    if (!sound({path, path + ".match", path + ".regions"})) continue;
    if (rule.match.empty()) report(path + ".match", "is missing; which topics is this rule about?");
    if (rule.regions.empty()) {
      errors_.add(given_.position(path + ".regions"), path + ".regions: needs at least one region");
    }
    for (std::size_t k = 0; k < rule.regions.size(); ++k) {
      const std::string item = path + ".regions[" + std::to_string(k) + "]";
      check_region(item, path + ".regions", rule.regions[k]);
    }
  }
}

void Checker::check_region(const std::string& at, const std::string& path,
                           const std::string& name) {
  if (settings_.regions.contains(name) || !sound({"regions"})) return;
  std::vector<std::string> known;
  for (const auto& [each, region] : settings_.regions) known.push_back(each);
  const std::string near = nearest_key(name, known);
  errors_.add(given_.position(at), path + ": there is no region " + in_quotes(name) +
                                       (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

void Checker::check_clients() {
  const ClientLimits& clients = settings_.core.clients;
  longer("clients.silence", clients.silence, "clients.heartbeat", clients.heartbeat);
}

void Checker::check_overlay() {
  const overlay::NodeConfig& overlay = settings_.core.overlay;
  if (sound({"overlay.leaf_set_size"}) && overlay.leaf_set_size % 2 != 0) {
    report("overlay.leaf_set_size",
           "must be even, not '" + std::to_string(overlay.leaf_set_size) + "'");
  }
  longer("overlay.timers.silence", overlay.timers.silence, "overlay.timers.heartbeat",
         overlay.timers.heartbeat);
  const overlay::Timers& global = settings_.global_ring.timers;
  longer("overlay.global_ring.timers.silence", global.silence,
         "overlay.global_ring.timers.heartbeat", global.heartbeat);
}

void Checker::check_multicast() {
  const multicast::ForestConfig& multicast = settings_.core.multicast;
  longer("multicast.timers.parent_timeout", multicast.parent_timeout, "multicast.timers.heartbeat",
         multicast.heartbeat);
  longer("multicast.timers.child_timeout", multicast.child_timeout, "multicast.timers.refresh",
         multicast.refresh);
}

void Checker::check_border_timers() {
  const regions::BordersConfig& borders = settings_.core.borders;
  longer("borders.timers.lease", borders.lease, "borders.timers.refresh", borders.refresh);
}

/// A message that is allowed must fit into whatever it passes.
void Checker::check_sizes() {
  const ClientLimits& clients = settings_.core.clients;
  const multicast::ForestConfig& multicast = settings_.core.multicast;
  const std::size_t message = clients.message_bytes;
  const PeerSettings& peers = settings_.peers;
  at_least("peers.frame_size", peers.frame_bytes, "clients.message_size", message + kFrameHeadroom);
  at_least("peers.frame_size", peers.frame_bytes, "clients.publish_window",
           clients.publish_window_bytes + kFrameHeadroom);
  at_least("peers.queue_size", peers.queue_bytes, "peers.frame_size", peers.frame_bytes);
  at_least("clients.queue_size", clients.queue_bytes, "clients.message_size", message);
  at_least("clients.queue_size_maximum", clients.queue_bytes_maximum, "clients.queue_size",
           clients.queue_bytes);
  at_least("multicast.ingress_size_per_topic", multicast.ingress_bytes_per_topic,
           "clients.message_size", message);
  at_least("multicast.ingress_size", multicast.ingress_bytes, "multicast.ingress_size_per_topic",
           multicast.ingress_bytes_per_topic);
}

void Checker::check_seeds() {
  if (given_.given("peers.seeds") || !sound({"peers", "peers.seeds"})) return;
  report("peers.seeds",
         "is missing; list the peer endpoints of some brokers of the cluster (the first broker "
         "lists its own), or write [] to found a ring without asking anybody");
}

void Checker::check_advertised() {
  const PeerSettings& peers = settings_.peers;
  check_advertised("local", peers.listen_local, peers.advertise_local);
  const bool own_socket = !peers.listen_wan.empty();
  if (own_socket || !peers.advertise_wan.empty()) {
    check_advertised("wan", own_socket ? peers.listen_wan : peers.listen_local,
                     peers.advertise_wan);
  }
  if (sound({"peers.local.listen", "peers.local.advertise", "peers.seeds"})) {
    check_loopback(peers.advertise_local.empty() ? peers.listen_local : peers.advertise_local,
                   "peers.local.advertise");
  }
  // Otherwise the endpoint above serves other regions, too.
  const overlay::Endpoint& abroad =
      peers.advertise_wan.empty() ? peers.listen_wan : peers.advertise_wan;
  if (!abroad.empty() && sound({"peers.wan.listen", "peers.wan.advertise", "peers.seeds"})) {
    check_loopback(abroad, "peers.wan.advertise");
  }
}

void Checker::check_advertised(const std::string& side, const overlay::Endpoint& listened,
                               const overlay::Endpoint& advertised) {
  const std::string listen_path = "peers." + side + ".listen";
  const std::string advertise_path = "peers." + side + ".advertise";
  if (!sound({"peers.local.listen", listen_path, advertise_path})) return;
  const SocketAddress listens = socket_address(listened);
  if (advertised.empty()) {
    if (!listens.all_interfaces()) return;
    errors_.add(given_.position(listen_path),
                advertise_path + ": is missing; others cannot connect to " +
                    in_quotes(listened.text()) + ", say which address they can use");
  } else if (socket_address(advertised).port == 0 && listens.port != 0) {
    report(advertise_path, "port 0 stands for the port the system chose, but " + listen_path +
                               " has port " + std::to_string(listens.port));
  }
}

/// Seeds on other hosts would be told an address that leads them to themselves.
void Checker::check_loopback(const overlay::Endpoint& told, const std::string& path) {
  if (!socket_address(told).loopback()) return;
  for (const overlay::Endpoint& seed : settings_.peers.seeds) {
    if (socket_address(seed).loopback()) continue;
    report(path, "is " + in_quotes(told.text()) + ", where the seed " + in_quotes(seed.text()) +
                     " cannot reach this broker; write this host's address");
    return;
  }
}

void Checker::check_sockets() {
  if (!sound({"peers.local.listen", "peers.wan.listen", "clients.listen", "http.listen"})) return;
  if (settings_.clients.listen.empty()) report("clients.listen", "needs at least one endpoint");
  const std::vector<Socket> sockets = listening_sockets();
  for (auto socket = sockets.begin(); socket != sockets.end(); ++socket) {
    const auto taken = std::find_if(sockets.begin(), socket, [&](const Socket& other) {
      return same_socket(socket->endpoint, other.endpoint);
    });
    if (taken == socket) continue;
    // Of two that collide, one that was written is at fault, not a default.
    const bool swap = !given_.given(socket->path) && given_.given(taken->path);
    const Socket& at_fault = swap ? *taken : *socket;
    const Socket& other = swap ? *socket : *taken;
    report(at_fault.path, in_quotes(at_fault.endpoint.text()) + " is taken by " + other.path);
  }
}

std::vector<Checker::Socket> Checker::listening_sockets() const {
  std::vector<Socket> sockets = {{"peers.local.listen", settings_.peers.listen_local},
                                 {"peers.wan.listen", settings_.peers.listen_wan}};
  for (std::size_t i = 0; i < settings_.clients.listen.size(); ++i) {
    sockets.push_back({"clients.listen[" + std::to_string(i) + "]", settings_.clients.listen[i]});
  }
  if (settings_.http.listen) {
    const auto endpoint =
        overlay::Endpoint::parse("tcp://" + show_host_port(*settings_.http.listen));
    if (endpoint) sockets.push_back({"http.listen", *endpoint});
  }
  return sockets;
}

}  // namespace

void check_settings(const Settings& settings, const GivenSettings& given, ConfigErrors& errors) {
  Checker(settings, given, errors).check_all();
}

}  // namespace phyllo::broker
