#include "broker/core/answer_codec.h"

#include <string>
#include <utility>

#include "phyllo/v1/client.pb.h"

namespace phyllo::broker::client {
namespace {

using overlay::Contact;
using overlay::Endpoint;
using overlay::NodeId;

Error malformed(const char* what) { return {ErrorCode::kMalformed, what}; }

// --- out ---

void write_tree(const TreeAnswer& answer, v1::TreeAnswer& out) {
  out.set_topic(answer.topic);
  out.set_topic_id(answer.id.bytes());
  out.set_complete(answer.complete);
  for (const auto& node : answer.nodes) {
    auto& info = *out.add_nodes();
    info.set_node_id(node.node.id().bytes());
    info.set_region(node.node.region());
    const auto& place = node.node.place();
    info.set_endpoint((place.wan.empty() ? place.local : place.wan).text());
    info.set_root(node.root);
    if (node.parent) info.set_parent(node.parent->bytes());
    for (const NodeId& child : node.children) info.add_children(child.bytes());
    info.set_local_subscribers(node.local_subscribers);
    info.set_subtree_subscribers(node.subtree_subscribers);
  }
  for (const TreeRegion& region : answer.regions) {
    auto& info = *out.add_regions();
    info.set_region(region.region);
    info.set_answered(region.answered);
    info.set_complete(region.complete);
    for (const regions::Way& way : region.ways) {
      auto& line = *info.add_ways();
      line.set_to(way.to);
      for (const std::string& through : way.through) line.add_through(through);
    }
  }
  out.set_regions_unknown(answer.regions_unknown);
}

void write_peer(const PeerInfo& peer, v1::PeerInfo& out) {
  out.set_node_id(peer.contact.id().bytes());
  out.set_incarnation(peer.contact.incarnation());
  out.set_region(peer.contact.region());
  out.set_local_endpoint(peer.contact.place().local.text());
  out.set_wan_endpoint(peer.contact.place().wan.text());
  out.set_rtt_microseconds(peer.rtt_microseconds);
  out.set_row(peer.row);
  out.set_column(peer.column);
}

void write_peers(const PeersAnswer& answer, v1::PeersAnswer& out) {
  write_peer(answer.self, *out.mutable_self());
  out.set_state(answer.state);
  for (const auto& peer : answer.left_leaves) write_peer(peer, *out.add_left_leaves());
  for (const auto& peer : answer.right_leaves) write_peer(peer, *out.add_right_leaves());
  for (const auto& peer : answer.table) write_peer(peer, *out.add_table());
  out.set_clients(answer.clients);
  out.set_subscriptions(answer.subscriptions);
  out.set_topics(answer.topics);
  if (!answer.global_ring) return;
  auto& ring = *out.mutable_global_ring();
  ring.set_state(answer.global_ring->state);
  for (const auto& peer : answer.global_ring->left_leaves)
    write_peer(peer, *ring.add_left_leaves());
  for (const auto& peer : answer.global_ring->right_leaves) {
    write_peer(peer, *ring.add_right_leaves());
  }
  for (const auto& peer : answer.global_ring->table) write_peer(peer, *ring.add_table());
}

void write_borders(const BordersAnswer& answer, v1::BordersAnswer& out) {
  out.set_node_id(answer.node.bytes());
  out.set_region(answer.region);
  for (const BorderStats& border : answer.borders) {
    auto& info = *out.add_borders();
    info.set_from(border.from);
    info.set_to(border.to);
    info.set_messages(border.count.messages);
    info.set_data_bytes(border.count.volume.data_bytes);
    info.set_control_bytes(border.count.volume.control_bytes);
    info.set_month_data_bytes(border.spending.volume.data_bytes);
    info.set_month_control_bytes(border.spending.volume.control_bytes);
    info.set_bytes_per_second(border.spending.bytes_per_second);
    info.set_spent(border.spending.spent);
    info.set_expected(border.spending.expected);
    if (border.spending.budget) info.set_budget(*border.spending.budget);
    info.set_sharers(border.spending.sharers);
    info.set_expected_last_day(border.spending.expected_last_day);
    info.set_price_per_gb(border.spending.price_per_gb);
  }
  for (const BorderTopicStats& topic : answer.topics) {
    auto& info = *out.add_topics();
    info.set_topic(topic.topic);
    info.set_to(topic.to);
    info.set_bytes(topic.bytes);
    info.set_excess(topic.excess);
  }
}

// --- in ---

/// An endpoint as it was written; empty when there is none or it is not one.
Endpoint read_endpoint(const std::string& text) {
  auto endpoint = Endpoint::parse(text);
  return endpoint ? *std::move(endpoint) : Endpoint();
}

Result<multicast::TreeNode> read_tree_node(const v1::TreeNodeInfo& in) {
  const auto id = NodeId::from_bytes(in.node_id());
  if (!id) return malformed("a node id is not 16 bytes");
  const Endpoint endpoint = read_endpoint(in.endpoint());
  std::optional<NodeId> parent;
  if (!in.parent().empty()) {
    parent = NodeId::from_bytes(in.parent());
    if (!parent) return malformed("a parent's id is not 16 bytes");
  }
  std::vector<NodeId> children;
  for (const auto& bytes : in.children()) {
    const auto child = NodeId::from_bytes(bytes);
    if (!child) return malformed("a child's id is not 16 bytes");
    children.push_back(*child);
  }
  return multicast::TreeNode{Contact(*id, 0, {in.region(), endpoint, endpoint}),
                             in.root(),
                             parent,
                             std::move(children),
                             in.local_subscribers(),
                             in.subtree_subscribers()};
}

Result<Answer> read_tree(std::uint32_t request, const v1::TreeAnswer& in) {
  const auto id = multicast::TopicId::from_bytes(in.topic_id());
  if (!id) return malformed("a topic id is not 16 bytes");
  TreeAnswer answer{in.topic(), *id, {}, in.complete()};
  for (const auto& info : in.nodes()) {
    auto node = read_tree_node(info);
    if (!node) return node.error();
    answer.nodes.push_back(*std::move(node));
  }
  for (const auto& info : in.regions()) {
    answer.regions.push_back({info.region(), info.answered(), info.complete(), {}});
    for (const auto& way : info.ways()) {
      answer.regions.back().ways.push_back(
          {way.to(), {way.through().begin(), way.through().end()}});
    }
  }
  answer.regions_unknown = in.regions_unknown();
  return Answer{request, std::move(answer)};
}

Result<PeerInfo> read_peer(const v1::PeerInfo& in) {
  const auto id = NodeId::from_bytes(in.node_id());
  if (!id) return malformed("a node id is not 16 bytes");
  Contact contact(
      *id, in.incarnation(),
      {in.region(), read_endpoint(in.local_endpoint()), read_endpoint(in.wan_endpoint())});
  return PeerInfo{std::move(contact), in.rtt_microseconds(), in.row(), in.column()};
}

template <class List>
Result<std::vector<PeerInfo>> read_peer_list(const List& in) {
  std::vector<PeerInfo> peers;
  for (const auto& info : in) {
    auto peer = read_peer(info);
    if (!peer) return peer.error();
    peers.push_back(*std::move(peer));
  }
  return peers;
}

Result<RingInfo> read_ring(const v1::RingInfo& in) {
  auto left = read_peer_list(in.left_leaves());
  auto right = read_peer_list(in.right_leaves());
  auto table = read_peer_list(in.table());
  if (!left) return left.error();
  if (!right) return right.error();
  if (!table) return table.error();
  return RingInfo{in.state(), *std::move(left), *std::move(right), *std::move(table)};
}

Result<Answer> read_peers(std::uint32_t request, const v1::PeersAnswer& in) {
  auto self = read_peer(in.self());
  auto left = read_peer_list(in.left_leaves());
  auto right = read_peer_list(in.right_leaves());
  auto table = read_peer_list(in.table());
  if (!self) return self.error();
  if (!left) return left.error();
  if (!right) return right.error();
  if (!table) return table.error();
  PeersAnswer answer{*std::move(self),  in.state(),   *std::move(left),   *std::move(right),
                     *std::move(table), in.clients(), in.subscriptions(), in.topics()};
  if (in.has_global_ring()) {
    auto ring = read_ring(in.global_ring());
    if (!ring) return ring.error();
    answer.global_ring = *std::move(ring);
  }
  return Answer{request, std::move(answer)};
}

BorderStats read_border(const v1::BorderInfo& in) {
  BorderStats border;
  border.from = in.from();
  border.to = in.to();
  border.count = {in.messages(), {in.data_bytes(), in.control_bytes()}};
  border.spending.volume = {in.month_data_bytes(), in.month_control_bytes()};
  border.spending.bytes_per_second = in.bytes_per_second();
  border.spending.spent = in.spent();
  border.spending.expected = in.expected();
  if (in.has_budget()) border.spending.budget = in.budget();
  border.spending.sharers = in.sharers();
  border.spending.expected_last_day = in.expected_last_day();
  border.spending.price_per_gb = in.price_per_gb();
  return border;
}

Result<Answer> read_borders(std::uint32_t request, const v1::BordersAnswer& in) {
  const auto id = NodeId::from_bytes(in.node_id());
  if (!id) return malformed("a node id is not 16 bytes");
  BordersAnswer answer{*id, in.region(), {}, {}};
  for (const auto& border : in.borders()) answer.borders.push_back(read_border(border));
  for (const auto& topic : in.topics()) {
    answer.topics.push_back({topic.topic(), topic.to(), topic.bytes(), topic.excess()});
  }
  return Answer{request, std::move(answer)};
}

}  // namespace

void write_answer(const Answer& answer, v1::Answer& out) {
  out.set_request(answer.request);
  if (const auto* tree = std::get_if<TreeAnswer>(&answer.what)) {
    write_tree(*tree, *out.mutable_tree());
  } else if (const auto* borders = std::get_if<BordersAnswer>(&answer.what)) {
    write_borders(*borders, *out.mutable_borders());
  } else {
    write_peers(std::get<PeersAnswer>(answer.what), *out.mutable_peers());
  }
}

Result<Answer> read_answer(const v1::Answer& in) {
  if (in.has_tree()) return read_tree(in.request(), in.tree());
  if (in.has_peers()) return read_peers(in.request(), in.peers());
  if (in.has_borders()) return read_borders(in.request(), in.borders());
  return malformed("an answer that says nothing");
}

}  // namespace phyllo::broker::client
