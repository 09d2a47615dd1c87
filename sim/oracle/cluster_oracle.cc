#include "sim/oracle/cluster_oracle.h"

#include <algorithm>
#include <set>

#include "multicast/topic_id.h"
#include "sim/oracle/tree_oracle.h"

namespace phyllo::sim {
namespace {

using overlay::NodeId;

/// Of the keys of `check_ring`, so many are also followed hop by hop from everywhere.
constexpr std::size_t kWays = 16;

/// How many subscriptions programs have on a topic at each broker.
using Interest = std::map<NodeId, std::uint64_t>;

/// Of programs at brokers of this ring.
std::map<std::string, Interest> interests(const Cluster& cluster, const Members& members) {
  std::map<std::string, Interest> all;
  for (const auto& program : cluster.programs()) {
    const StationId broker = program->broker();
    if (members.empty() || !cluster.share_trees(broker, members.front().station)) continue;
    for (const std::string& topic : program->published_topics()) all[topic];
    for (const Listening* listening : program->listenings()) {
      ++all[listening->topic][cluster.id(broker)];
    }
  }
  return all;
}

TreeParts parts_of(const Cluster& cluster, const Members& members, const TopicName& topic) {
  TreeParts parts;
  for (const Member& member : members) {
    auto part = cluster.broker(member.station).forest().part_in(topic);
    if (part) parts.emplace(cluster.id(member.station), *std::move(part));
  }
  return parts;
}

void check_sizes(const Cluster& cluster, const Members& members,
                 const std::map<NodeId, std::size_t>& known, Findings& out) {
  const std::size_t limit = cluster.setup().broker.multicast.children_limit;
  for (const Member& member : members) {
    const auto stats = cluster.broker(member.station).forest().stats();
    const auto found = known.find(cluster.id(member.station));
    const std::size_t expected = found == known.end() ? 0 : found->second;
    const std::string name = cluster.id(member.station).short_hex();
    if (stats.trees != expected) {
      out.push_back(name + " has " + std::to_string(stats.trees) + " trees, of which " +
                    std::to_string(expected) + " are of topics in use");
    }
    if (limit > 0 && stats.children > limit) {
      out.push_back(name + " has " + std::to_string(stats.children) + " children");
    }
  }
}

/// What `check` finds of each ring, with the ring's name.
template <class Check>
Findings check_each(const std::vector<ClusterRing>& rings, Check&& check) {
  Findings out;
  for (const ClusterRing& ring : rings) {
    const std::string name = ring.name.empty() ? "" : ring.name + ": ";
    for (const std::string& finding : check(ring.members)) out.push_back(name + finding);
  }
  return out;
}

Findings check_exact_ring(const Members& members, Cluster& cluster) {
  if (members.empty()) return {};
  const overlay::NodeConfig& config = cluster.setup().broker.overlay;
  Findings out = check_structures(members, config.leaf_set_size);
  append(out, check_leaf_sets(members, config.leaf_set_size));
  std::vector<overlay::Key> keys = telling_keys(members, cluster.random());
  append(out, check_roots(members, keys));
  if (keys.size() > kWays) keys.erase(keys.begin(), keys.end() - kWays);
  append(out, check_routes(members, keys, config.hop_limit));
  return out;
}

Findings check_trees_on(const Members& members, const Cluster& cluster) {
  const bool regional = cluster.setup().broker.regions.size() > 1;
  Findings out;
  std::map<NodeId, std::size_t> known;
  std::vector<StationId> brokers = cluster.running();
  std::erase_if(brokers, [&](StationId id) {
    return members.empty() || !cluster.share_trees(id, members.front().station);
  });
  for (const auto& [topic, interest] : interests(cluster, members)) {
    const auto name = *TopicName::parse(topic);
    const TreeParts parts = parts_of(cluster, members, name);
    for (const auto& [id, part] : parts) ++known[id];
    const NodeId root = cluster.id(cluster.closest_to(topic, brokers));
    for (const std::string& finding :
         check_tree(parts, root, interest, regional ? Leftover::kRoot : Leftover::kNothing)) {
      out.push_back("tree of " + topic + ": " + finding);
    }
  }
  check_sizes(cluster, members, known, out);
  return out;
}

}  // namespace

ClusterRing global_ring_of(const Cluster& cluster) {
  ClusterRing ring{cluster.setup().broker.regions.size() < 2 ? "" : "global ring", {}};
  for (const StationId station : cluster.running()) {
    if (cluster.paused(station)) continue;
    ring.members.push_back({station, &cluster.broker(station).rings().global()});
  }
  return ring;
}

std::vector<ClusterRing> tree_rings_of(const Cluster& cluster) {
  const ClusterRing global = global_ring_of(cluster);
  if (global.name.empty()) return {global};
  std::map<std::string, Members> regions;
  for (const Member& member : global.members) {
    const overlay::Node& home = cluster.broker(member.station).rings().home();
    regions[cluster.region(member.station)].push_back({member.station, &home});
  }
  std::vector<ClusterRing> rings;
  for (auto& [region, members] : regions) {
    rings.push_back({"ring of " + region, std::move(members)});
  }
  return rings;
}

std::vector<ClusterRing> rings_of(const Cluster& cluster) {
  std::vector<ClusterRing> rings = tree_rings_of(cluster);
  if (!rings.empty() && rings.front().name.empty()) return rings;
  rings.insert(rings.begin(), global_ring_of(cluster));
  return rings;
}

Findings check_leaf_sets(const Cluster& cluster) {
  return check_each(rings_of(cluster), [&](const Members& members) {
    return check_leaf_sets(members, cluster.setup().broker.overlay.leaf_set_size);
  });
}

Findings check_ring(Cluster& cluster) {
  return check_each(rings_of(cluster),
                    [&](const Members& members) { return check_exact_ring(members, cluster); });
}

Findings check_trees(const Cluster& cluster) {
  return check_each(tree_rings_of(cluster),
                    [&](const Members& members) { return check_trees_on(members, cluster); });
}

Findings check_programs(const Cluster& cluster) {
  Findings out;
  for (const auto& program : cluster.programs()) {
    if (program->connected() && !program->all_live()) {
      out.push_back(program->name() + " waits for a subscription");
    }
    if (!program->all_acknowledged()) {
      out.push_back(program->name() + " waits for an acknowledgement");
    }
  }
  append(out, cluster.ledger().complaints());
  for (const StationId station : cluster.running()) {
    const auto drops = cluster.broker(station).node().stats().hop_limit_drops;
    if (drops > 0) {
      out.push_back(cluster.id(station).short_hex() + " dropped " + std::to_string(drops) +
                    " messages at the hop limit");
    }
  }
  return out;
}

Findings check_at_rest(Cluster& cluster) {
  Findings out = check_ring(cluster);
  append(out, check_trees(cluster));
  append(out, check_programs(cluster));
  return out;
}

Findings check_cleanup(Cluster& cluster, Duration patience) {
  for (const auto& program : cluster.programs()) {
    if (program->connected()) program->unsubscribe_all();
  }
  Findings unrest;
  const auto clean = [&] {
    unrest.clear();
    for (const StationId station : cluster.running()) {
      const auto stats = cluster.broker(station).forest().stats();
      if (stats.trees == 0 && stats.children == 0) continue;
      unrest.push_back(cluster.id(station).short_hex() + " still has " +
                       std::to_string(stats.trees) + " trees and " +
                       std::to_string(stats.children) + " children");
    }
    return unrest.empty();
  };
  cluster.run_until(clean, patience);
  return unrest;
}

ClusterWatch::ClusterWatch(Cluster& cluster, Duration every)
    : OverlayWatch(
          cluster.queue(), [&cluster] { return global_ring_of(cluster).members; },
          cluster.setup().broker.overlay.leaf_set_size, every, cluster.random().next()) {}

}  // namespace phyllo::sim
