#include "sdk/src/info_codec.h"

#include <algorithm>

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

}  // namespace

TreeInfo read_tree(const v1::TreeAnswer& wire) {
  TreeInfo tree;
  tree.topic = printable(wire.topic());
  tree.topic_id = node_id(wire.topic_id());
  for (const auto& node : wire.nodes()) tree.nodes.push_back(read_node(node));
  tree.complete = wire.complete();
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

}  // namespace phyllo::internal
