#include "sim/plan/cluster_check.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "broker/config/config_errors.h"
#include "broker/config/settings_listing.h"
#include "broker/config/socket_address.h"

namespace phyllo::sim {
namespace {

using Node = ClusterFile::Node;

/// Brokers that do not agree on these keep each other out, or lose what they should keep.
constexpr std::array kAlikeEverywhere{"cluster", "regions", "topics"};

bool is_or_is_in(const std::string& path, const std::string& outer) {
  return path == outer || path.starts_with(outer + ".") || path.starts_with(outer + "[");
}

class ClusterCheck {
 public:
  explicit ClusterCheck(ClusterFile& cluster) : cluster_(cluster) {}

  std::vector<std::string> run() {
    for (const Node& node : cluster_.nodes) {
      check_place(node);
      check_agreement(node);
    }
    check_seeds();
    check_regions();
    check_ways_in();
    return errors_.lines();
  }

 private:
  void check_place(const Node& node);
  void check_endpoint(const Node& node, const std::string& where, const overlay::Endpoint& told,
                      const std::string& path);
  void check_agreement(const Node& node);
  void check_seeds();
  void check_regions();
  void check_ways_in();

  /// `path`: of the setting that is at fault.
  void fail(const Node& node, const std::string& path, const std::string& message) {
    errors_.add(node.given.position(path), path + ": " + message);
  }
  void warn(const std::string& message) { cluster_.warnings.push_back(message); }

  ClusterFile& cluster_;
  broker::ConfigErrors errors_;
  std::map<overlay::NodeId, std::string> ids_;
  std::map<std::string, std::string> endpoints_;  ///< by where they are valid and what they are
};

void ClusterCheck::check_place(const Node& node) {
  const bool known = node.settings.node_id || broker::socket_address(node.place.local).port != 0;
  if (known) {
    const auto [same, fresh] = ids_.emplace(node.id, node.name);
    if (!fresh) fail(node, "node.id", "is that of " + same->second + ", too: " + node.id.hex());
  }
  const std::string local = "peers.local.advertise";
  check_endpoint(node, "region " + node.settings.region, node.place.local, local);
  const bool apart = node.place.wan != node.place.local;
  check_endpoint(node, "wan", node.place.wan, apart ? "peers.wan.advertise" : local);
}

/// Others would meet either of two brokers at an endpoint that both give for theirs.
void ClusterCheck::check_endpoint(const Node& node, const std::string& where,
                                  const overlay::Endpoint& told, const std::string& path) {
  if (broker::socket_address(told).port == 0) return;
  const auto [same, fresh] = endpoints_.emplace(where + " " + told.text(), node.name);
  if (!fresh && same->second != node.name) {
    fail(node, path,
         broker::in_quotes(told.text()) + " is what " + same->second +
             " gives for its endpoint, too");
  }
}

void ClusterCheck::check_agreement(const Node& node) {
  const Node& first = cluster_.nodes.front();
  for (const std::string& path : broker::changed_settings(first.settings, node.settings)) {
    if (of_one_broker(path)) continue;
    const std::string message = "differs from that of " + first.name;
    const bool vital = std::ranges::any_of(
        kAlikeEverywhere, [&](const std::string& outer) { return is_or_is_in(path, outer); });
    if (vital) {
      fail(node, path, message);
    } else {
      warn(node.name + ": " + path + ": " + message);
    }
  }
}

void ClusterCheck::check_seeds() {
  std::set<std::string> strangers;
  for (const Node& node : cluster_.nodes) {
    for (const overlay::Endpoint& seed : node.settings.peers.seeds) {
      const bool found = std::ranges::any_of(cluster_.nodes, [&](const Node& other) {
        const bool neighbour = other.settings.region == node.settings.region;
        return other.place.wan == seed || (neighbour && other.place.local == seed);
      });
      if (!found) strangers.insert(seed.text());
    }
  }
  for (const std::string& seed : strangers) {
    warn("seed " + seed + " is no endpoint that a broker of this cluster gives for its own");
  }
}

void ClusterCheck::check_regions() {
  const std::vector<std::string> regions = cluster_.regions();
  for (const std::string& region : regions) {
    std::size_t brokers = 0;
    bool seeded = regions.size() == 1;
    for (const Node& node : cluster_.nodes) {
      if (node.settings.region != region) continue;
      ++brokers;
      for (const Node& other : cluster_.nodes) {
        const auto& seeds = other.settings.peers.seeds;
        seeded = seeded || std::ranges::count(seeds, node.place.wan) > 0 ||
                 std::ranges::count(seeds, node.place.local) > 0;
      }
    }
    if (brokers == 0) {
      warn("region " + region + " has no broker");
    } else if (!seeded) {
      warn("region " + region + " has no seed: its brokers cannot restart while it is cut off");
    }
  }
}

/// Where brokers are told apart by the host they are on, nobody elsewhere reaches a loopback
/// address; and a private one only through a network that all regions share.
void ClusterCheck::check_ways_in() {
  if (cluster_.shared().regions.size() < 2) return;
  for (const Node& node : cluster_.nodes) {
    const broker::SocketAddress told = broker::socket_address(node.place.wan);
    const auto better = std::ranges::find_if(cluster_.nodes, [&](const Node& other) {
      const broker::SocketAddress theirs = broker::socket_address(other.place.wan);
      return other.settings.region != node.settings.region && !theirs.loopback() &&
             (told.loopback() || !theirs.private_network());
    });
    if (better == cluster_.nodes.end()) continue;
    const std::string where = "brokers of other regions, as " + better->name +
                              ", are told to connect to " +
                              broker::in_quotes(node.place.wan.text());
    if (told.loopback()) {
      fail(node, "peers.wan.advertise", where + ", which leads them to themselves");
    } else if (told.private_network()) {
      warn(node.name + ": " + where + ", an address of a private network");
    }
  }
}

}  // namespace

bool of_one_broker(const std::string& path) {
  static const std::array<std::string, 5> kOfOne{"node", "peers", "http", "logging",
                                                 "clients.listen"};
  return std::ranges::any_of(kOfOne,
                             [&](const std::string& outer) { return is_or_is_in(path, outer); });
}

std::vector<std::string> check_cluster(ClusterFile& cluster) { return ClusterCheck(cluster).run(); }

}  // namespace phyllo::sim
