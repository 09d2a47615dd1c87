#include "sim/plan/compare_clusters.h"

#include <algorithm>
#include <map>
#include <set>

#include "broker/config/settings_listing.h"
#include "sim/plan/key_shares.h"

namespace phyllo::sim {
namespace {

using Node = ClusterFile::Node;

const Node* find(const ClusterFile& cluster, const std::string& name) {
  const auto node = std::ranges::find(cluster.nodes, name, &Node::name);
  return node == cluster.nodes.end() ? nullptr : &*node;
}

/// The brokers whose ring decides which of them is the root of a topic.
struct Ring {
  std::vector<const Node*> nodes;
  std::vector<overlay::NodeId> ids;
};

/// Of a region's ring; of that of all brokers, when `region` is empty.
Ring ring_of(const ClusterFile& cluster, const std::string& region) {
  Ring ring;
  for (const Node& node : cluster.nodes) {
    if (!region.empty() && node.settings.region != region) continue;
    ring.nodes.push_back(&node);
    ring.ids.push_back(node.id);
  }
  return ring;
}

bool has_regional_trees(const ClusterFile& cluster) { return cluster.shared().regions.size() > 1; }

/// "" is the ring of all brokers.
std::vector<std::string> rings_with_trees(const ClusterFile& before, const ClusterFile& after) {
  if (!has_regional_trees(before) || !has_regional_trees(after)) return {""};
  std::set<std::string> regions{""};
  for (const ClusterFile* cluster : {&before, &after}) {
    for (const std::string& region : cluster->regions()) regions.insert(region);
  }
  return {regions.begin(), regions.end()};
}

Table brokers_table(const ClusterFile& before, const ClusterFile& after) {
  Table table{.title = "Brokers that change",
              .columns = {"broker", "what", "before", "after"},
              .rows = {},
              .note = {}};
  for (const Node& old : before.nodes) {
    const Node* const now = find(after, old.name);
    if (now == nullptr) {
      table.rows.push_back({old.name, "goes away", old.settings.region, Cell()});
      continue;
    }
    if (now->settings.region != old.settings.region) {
      table.rows.push_back({old.name, "region", old.settings.region, now->settings.region});
    }
    if (now->id != old.id) {
      table.rows.push_back({old.name, "id", old.id.short_hex(), now->id.short_hex()});
    }
  }
  for (const Node& now : after.nodes) {
    if (find(before, now.name) == nullptr) {
      table.rows.push_back({now.name, "is new", Cell(), now.settings.region});
    }
  }
  return table;
}

std::string value_of(const std::vector<broker::ListedSetting>& all, const std::string& path) {
  const auto setting = std::ranges::find(all, path, &broker::ListedSetting::path);
  return setting == all.end() ? "" : setting->value;
}

Table settings_table(const ClusterFile& before, const ClusterFile& after) {
  Table table{.title = "Settings that change",
              .columns = {"setting", "before", "after", "at brokers"},
              .rows = {},
              .note =
                  "Those of logging take effect when a broker is told to read its file again; "
                  "every other one when it is restarted."};
  struct Change {
    std::string path, before, after;
    auto operator<=>(const Change&) const = default;
  };
  std::map<Change, std::int64_t> changes;
  for (const Node& old : before.nodes) {
    const Node* const now = find(after, old.name);
    if (now == nullptr) continue;
    const auto old_values = broker::list_settings(old.settings);
    const auto new_values = broker::list_settings(now->settings);
    for (const std::string& path : broker::changed_settings(old.settings, now->settings)) {
      ++changes[{path, value_of(old_values, path), value_of(new_values, path)}];
    }
  }
  for (const auto& [change, brokers] : changes) {
    table.rows.push_back({change.path, change.before, change.after, brokers});
  }
  return table;
}

Table moves_table(const ClusterFile& before, const ClusterFile& after) {
  const bool regional = has_regional_trees(before) && has_regional_trees(after);
  Table table{.title = "Roots that move",
              .columns = {"ring", "brokers before", "brokers after", "part of all topics, %"},
              .rows = {},
              .note = regional
                          ? "In a region's ring a topic has the root of its tree there, in that "
                            "of all brokers the rendezvous that knows who is interested."
                          : "In the ring of all brokers a topic has the root of its tree."};
  for (const std::string& region : rings_with_trees(before, after)) {
    const Ring old = ring_of(before, region);
    const Ring now = ring_of(after, region);
    const bool both = !old.ids.empty() && !now.ids.empty();
    table.rows.push_back({region.empty() ? "all brokers" : region,
                          static_cast<std::int64_t>(old.ids.size()),
                          static_cast<std::int64_t>(now.ids.size()),
                          both ? Cell(moved_share(old.ids, now.ids) * 100) : Cell()});
  }
  if (has_regional_trees(before) != has_regional_trees(after)) {
    table.note +=
        " One of the two has no table of regions: every tree is built anew, in the rings "
        "of the regions or in that of all brokers.";
  }
  return table;
}

/// Of each broker, in per cent; a broker that is not there has none.
std::map<std::string, double> shares_of(const ClusterFile& cluster, const std::string& region) {
  std::map<std::string, double> shares;
  const Ring ring = ring_of(cluster, region);
  const std::vector<double> parts = key_shares(ring.ids);
  for (std::size_t i = 0; i < parts.size(); ++i) shares[ring.nodes[i]->name] = parts[i] * 100;
  return shares;
}

Table shares_table(const ClusterFile& before, const ClusterFile& after) {
  Table table{.title = "Topics that brokers are the root of",
              .columns = {"ring", "broker", "before, %", "after, %"},
              .rows = {},
              .note = {}};
  for (const std::string& region : rings_with_trees(before, after)) {
    const auto old = shares_of(before, region);
    const auto now = shares_of(after, region);
    std::set<std::string> names;
    for (const auto* shares : {&old, &now}) {
      for (const auto& [name, share] : *shares) names.insert(name);
    }
    const auto share = [](const auto& shares, const std::string& name) {
      const auto found = shares.find(name);
      return found == shares.end() ? Cell() : Cell(found->second);
    };
    for (const std::string& name : names) {
      table.rows.push_back(
          {region.empty() ? "all brokers" : region, name, share(old, name), share(now, name)});
    }
  }
  return table;
}

}  // namespace

Report compare_clusters(const ClusterFile& before, const ClusterFile& after) {
  Report report;
  report.title = "From " + before.file.string() + " to " + after.file.string();
  report.parameters = {{"brokers before", std::to_string(before.nodes.size())},
                       {"brokers after", std::to_string(after.nodes.size())}};
  for (Table& table : std::vector{brokers_table(before, after), settings_table(before, after)}) {
    if (!table.rows.empty()) report.tables.push_back(std::move(table));
  }
  if (report.tables.empty()) report.notes.emplace_back("Both describe the same cluster.");
  report.tables.push_back(moves_table(before, after));
  report.tables.push_back(shares_table(before, after));
  if (before.shared().core.cluster != after.shared().core.cluster) {
    report.notes.emplace_back(
        "The cluster's name changes: brokers with the new one and brokers "
        "with the old one refuse each other.");
  }
  for (const std::string& warning : after.warnings) report.notes.push_back("After: " + warning);
  return report;
}

}  // namespace phyllo::sim
