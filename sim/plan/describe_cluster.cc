#include "sim/plan/describe_cluster.h"

#include <algorithm>

#include "broker/config/socket_address.h"

namespace phyllo::sim {
namespace {

using Node = ClusterFile::Node;

std::string joined(const auto& parts, const auto& text_of) {
  std::string all;
  for (const auto& part : parts) all += (all.empty() ? "" : ", ") + text_of(part);
  return all;
}

Table brokers_table(const ClusterFile& cluster) {
  Table table{.title = "Brokers",
              .columns = {"broker", "region", "id", "peers of its region connect to",
                          "all others to", "programs to", "HTTP"},
              .rows = {},
              .note = {}};
  for (const Node& node : cluster.nodes) {
    const bool open = !node.settings.node_id && broker::socket_address(node.place.local).port == 0;
    const auto& http = node.settings.http.listen;
    table.rows.push_back(
        {node.name, node.settings.region, open ? "known once it listens" : node.id.short_hex(),
         node.place.local.text(), node.place.wan.text(),
         joined(node.settings.clients.listen, [](const auto& endpoint) { return endpoint.text(); }),
         http ? broker::show_host_port(*http) : "none"});
  }
  return table;
}

Table regions_table(const ClusterFile& cluster) {
  Table table{.title = "Regions",
              .columns = {"region", "brokers", "of them seeds"},
              .rows = {},
              .note = cluster.shared().regions.size() < 2
                          ? "No table of regions: all brokers form one ring, and the trees of "
                            "topics span all regions."
                          : ""};
  for (const std::string& region : cluster.regions()) {
    std::int64_t brokers = 0;
    std::int64_t seeds = 0;
    for (const Node& node : cluster.nodes) {
      if (node.settings.region != region) continue;
      ++brokers;
      seeds += std::ranges::any_of(cluster.nodes, [&](const Node& other) {
        const auto& listed = other.settings.peers.seeds;
        return std::ranges::count(listed, node.place.wan) > 0 ||
               std::ranges::count(listed, node.place.local) > 0;
      });
    }
    table.rows.push_back({region, brokers, seeds});
  }
  return table;
}

Table borders_table(const regions::RegionTable& regions) {
  Table table{
      .title = "Borders",
      .columns = {"from", "to", "round trip, ms", "price per GB", "weight", "budget a month"},
      .rows = {},
      .note = {}};
  for (std::size_t from = 0; from < regions.size(); ++from) {
    for (std::size_t to = 0; to < regions.size(); ++to) {
      if (from == to) continue;
      const regions::Border& border = regions.border(from, to);
      const double round_trip = std::chrono::duration<double, std::milli>(border.delay * 2).count();
      table.rows.push_back({regions.names()[from], regions.names()[to],
                            round_trip > 0 ? Cell(round_trip) : Cell(), border.price_per_gb,
                            border.weight, border.budget ? Cell(*border.budget) : Cell()});
    }
  }
  return table;
}

Table rules_table(const std::vector<broker::TopicRuleSettings>& rules) {
  Table table{.title = "Topics that stay inside regions",
              .columns = {"match", "regions"},
              .rows = {},
              .note = "The first rule that matches a topic decides."};
  for (const broker::TopicRuleSettings& rule : rules) {
    table.rows.push_back(
        {rule.match, joined(rule.regions, [](const std::string& region) { return region; })});
  }
  return table;
}

}  // namespace

Report describe_cluster(const ClusterFile& cluster) {
  const broker::Settings& shared = cluster.shared();
  Report report;
  report.title = "Cluster " + shared.core.cluster;
  report.parameters = {{"brokers", std::to_string(cluster.nodes.size())},
                       {"regions", std::to_string(cluster.regions().size())}};
  report.tables = {brokers_table(cluster), regions_table(cluster)};
  const regions::RegionTable borders = broker::region_table(shared.regions);
  if (borders.size() > 1) report.tables.push_back(borders_table(borders));
  if (!shared.topics.empty()) report.tables.push_back(rules_table(shared.topics));
  report.notes = cluster.warnings;
  return report;
}

}  // namespace phyllo::sim
