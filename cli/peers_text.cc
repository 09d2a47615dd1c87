#include "cli/peers_text.h"

#include <map>
#include <set>
#include <vector>

#include "cli/display_text.h"
#include "cli/duration_text.h"
#include "cli/text_table.h"
#include "cli/tree_text.h"

namespace phyllo::cli {
namespace {

using Align = TextTable::Align;

std::string endpoint_text(const PeerInfo& peer, const std::string& own_region) {
  return printable(peer.region == own_region ? peer.local_endpoint : peer.wan_endpoint);
}

std::string rtt_text(const PeerInfo& peer) {
  return peer.rtt.count() == 0 ? "-" : round_trip_text(peer.rtt);
}

std::string indented(const TextTable& table) {
  std::string text;
  for (const std::string& line : table.lines()) text += "  " + line + "\n";
  return text;
}

std::string self_text(const PeersInfo& peers) {
  const PeerInfo& self = peers.self;
  return "broker " + printable(self.node_id) + ", " +
         (self.region.empty() ? "no region" : "region " + printable(self.region)) + ", " +
         printable(peers.state) + ", " + printable(self.local_endpoint) + "\nserves " +
         counted(peers.clients, "client") + ", " + counted(peers.subscriptions, "subscription") +
         ", " + counted(peers.topics, "topic") + "\n";
}

/// `ring`: a PeersInfo or a RingInfo.
template <class Ring>
std::string leaf_set_text(const Ring& ring, const std::string& own_region) {
  TextTable table({{"SIDE"}, {"BROKER"}, {"REGION"}, {"RTT", Align::kRight}, {"ENDPOINT"}});
  const auto add = [&](const char* side, const std::vector<PeerInfo>& leaves) {
    for (const PeerInfo& leaf : leaves) {
      table.add({side, short_id(leaf.node_id), printable(leaf.region), rtt_text(leaf),
                 endpoint_text(leaf, own_region)});
    }
  };
  add("left", ring.left_leaves);
  add("right", ring.right_leaves);
  if (ring.left_leaves.empty() && ring.right_leaves.empty()) return "\nleaf set: empty\n";
  return "\nleaf set: " + std::to_string(ring.left_leaves.size()) + " left, " +
         std::to_string(ring.right_leaves.size()) + " right\n" + indented(table);
}

template <class Ring>
std::string table_text(const Ring& ring, const std::string& own_region) {
  TextTable table({{"ROW", Align::kRight},
                   {"COL"},
                   {"BROKER"},
                   {"REGION"},
                   {"RTT", Align::kRight},
                   {"ENDPOINT"}});
  std::set<std::uint32_t> rows;
  for (const PeerInfo& peer : ring.table) {
    rows.insert(peer.row);
    const std::string column(1, "0123456789abcdef"[peer.column % 16]);
    table.add({std::to_string(peer.row), column, short_id(peer.node_id), printable(peer.region),
               rtt_text(peer), endpoint_text(peer, own_region)});
  }
  if (rows.empty()) return "\nrouting table: empty\n";
  const std::size_t places = rows.size() * 15;  // a row's own digit stays empty
  return "\nrouting table: " + std::to_string(ring.table.size()) + " of " + std::to_string(places) +
         " places in " + counted(rows.size(), "row") + "\n" + indented(table);
}

std::string regions_text(const PeersInfo& peers) {
  std::map<std::string, std::string> region_of{{peers.self.node_id, peers.self.region}};
  const auto add = [&](const auto& ring) {
    for (const auto* list : {&ring.left_leaves, &ring.right_leaves, &ring.table}) {
      for (const PeerInfo& peer : *list) region_of.emplace(peer.node_id, peer.region);
    }
  };
  add(peers);
  if (peers.global_ring) add(*peers.global_ring);
  std::map<std::string, std::uint64_t> brokers;
  for (const auto& [node, region] : region_of) ++brokers[region];
  std::string text = "\nregions: ";
  const char* separator = "";
  for (const auto& [region, count] : brokers) {
    text += separator + (region.empty() ? "(none)" : printable(region)) + " " + grouped(count);
    separator = ", ";
  }
  return text + " (known brokers, this one included)\n";
}

}  // namespace

std::string peers_text(const PeersInfo& peers) {
  const std::string& region = peers.self.region;
  const std::string own = leaf_set_text(peers, region) + table_text(peers, region);
  std::string text = self_text(peers);
  if (peers.global_ring) {
    const RingInfo& global = *peers.global_ring;
    text += "\nring of " + printable(region) + ": " + printable(peers.state) + "\n" + own +
            "\nglobal ring: " + printable(global.state) + "\n" + leaf_set_text(global, region) +
            table_text(global, region);
  } else {
    text += own;
  }
  return text + regions_text(peers);
}

}  // namespace phyllo::cli
