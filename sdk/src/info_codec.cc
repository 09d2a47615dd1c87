#include "sdk/src/info_codec.h"

#include <algorithm>
#include <cmath>

#include "phyllo/v1/client.pb.h"
#include "sdk/src/codec_text.h"
#include "sdk/src/hex.h"

namespace phyllo::internal {
namespace {

std::string node_id(std::string_view bytes) { return hex(bytes.substr(0, 16)); }

TreeNode read_node(const v1::TreeNodeInfo& wire) {
  TreeNode node;
  node.node_id = node_id(wire.node_id());
  node.region = printable(wire.region());
  node.endpoint = printable(wire.endpoint());
  node.root = wire.root();
  node.parent = node_id(wire.parent());
  for (const auto& child : wire.children()) node.children.push_back(node_id(child));
  node.local_subscribers = wire.local_subscribers();
  node.subtree_subscribers = wire.subtree_subscribers();
  return node;
}

TreeRegion read_tree_region(const v1::TreeRegionInfo& wire) {
  TreeRegion region{printable(wire.region()), wire.answered(), wire.complete(), {}};
  for (const auto& way : wire.ways()) {
    TreeWay& added = region.ways.emplace_back(TreeWay{printable(way.to()), {}});
    for (const auto& through : way.through()) added.through.push_back(printable(through));
  }
  return region;
}

PeerInfo read_peer(const v1::PeerInfo& wire) {
  PeerInfo peer;
  peer.node_id = node_id(wire.node_id());
  peer.incarnation = wire.incarnation();
  peer.region = printable(wire.region());
  peer.local_endpoint = printable(wire.local_endpoint());
  peer.wan_endpoint = printable(wire.wan_endpoint());
  constexpr std::uint64_t kLongest = std::uint64_t{1} << 62;
  peer.rtt = std::chrono::microseconds(std::min(wire.rtt_microseconds(), kLongest));
  peer.row = wire.row();
  peer.column = wire.column();
  return peer;
}

RingInfo read_ring(const v1::RingInfo& wire) {
  RingInfo ring;
  ring.state = printable(wire.state());
  for (const auto& peer : wire.left_leaves()) ring.left_leaves.push_back(read_peer(peer));
  for (const auto& peer : wire.right_leaves()) ring.right_leaves.push_back(read_peer(peer));
  for (const auto& peer : wire.table()) ring.table.push_back(read_peer(peer));
  return ring;
}

double amount(double value) { return std::isfinite(value) ? value : 0; }

BorderInfo read_border(const v1::BorderInfo& wire) {
  BorderInfo border;
  border.from = printable(wire.from());
  border.to = printable(wire.to());
  border.messages = wire.messages();
  border.data_bytes = wire.data_bytes();
  border.control_bytes = wire.control_bytes();
  border.month_data_bytes = wire.month_data_bytes();
  border.month_control_bytes = wire.month_control_bytes();
  border.bytes_per_second = amount(wire.bytes_per_second());
  border.spent = amount(wire.spent());
  border.expected = amount(wire.expected());
  border.expected_last_day = amount(wire.expected_last_day());
  border.price_per_gb = amount(wire.price_per_gb());
  if (wire.has_budget()) border.budget = amount(wire.budget());
  return border;
}

}  // namespace

TreeInfo read_tree(const v1::TreeAnswer& wire) {
  TreeInfo tree;
  tree.topic = printable(wire.topic());
  tree.topic_id = node_id(wire.topic_id());
  for (const auto& node : wire.nodes()) tree.nodes.push_back(read_node(node));
  tree.complete = wire.complete();
  for (const auto& region : wire.regions()) tree.regions.push_back(read_tree_region(region));
  tree.regions_unknown = wire.regions_unknown();
  return tree;
}

PeersInfo read_peers(const v1::PeersAnswer& wire) {
  PeersInfo peers;
  peers.self = read_peer(wire.self());
  peers.state = printable(wire.state());
  for (const auto& peer : wire.left_leaves()) peers.left_leaves.push_back(read_peer(peer));
  for (const auto& peer : wire.right_leaves()) peers.right_leaves.push_back(read_peer(peer));
  for (const auto& peer : wire.table()) peers.table.push_back(read_peer(peer));
  peers.clients = wire.clients();
  peers.subscriptions = wire.subscriptions();
  peers.topics = wire.topics();
  if (wire.has_global_ring()) peers.global_ring = read_ring(wire.global_ring());
  return peers;
}

BordersInfo read_borders(const v1::BordersAnswer& wire) {
  BordersInfo borders;
  borders.node_id = node_id(wire.node_id());
  borders.region = printable(wire.region());
  for (const auto& border : wire.borders()) borders.borders.push_back(read_border(border));
  for (const auto& topic : wire.topics()) {
    borders.topics.push_back(
        {printable(topic.topic()), printable(topic.to()), topic.bytes(), topic.excess()});
  }
  return borders;
}

}  // namespace phyllo::internal
